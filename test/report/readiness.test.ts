import { describe, expect, it } from 'vitest';
import { allFindings } from '../../src/conversion/places.ts';
import { readinessOf } from '../../src/report/readiness.ts';
import { fakeConversion, fakeFinding, fakeIngress, fakeOutcome, fakeServer } from './fake.ts';

const web = fakeIngress('shop/web');

function readinessWith(parts: Parameters<typeof fakeConversion>[0]) {
  const conversion = fakeConversion({ ingresses: [web], ...parts });
  return readinessOf(conversion, allFindings(conversion));
}

describe('readiness of an Ingress', () => {
  const note = fakeFinding('note', { at: web });
  const warning = fakeFinding('warning', { at: web });
  const error = fakeFinding('error', { at: web });

  it.each([
    ['nothing at all', {}, 'ready'],
    ['a note', { findings: [note] }, 'ready'],
    ['a warning', { findings: [warning] }, 'decision'],
    ['an error', { findings: [warning, error] }, 'blocked'],
    ['converted', { outcomes: [fakeOutcome(web, 'converted')] }, 'ready'],
    [
      'converted, with a warning',
      { outcomes: [fakeOutcome(web, 'converted', { findings: [warning] })] },
      'decision',
    ],
    ['not needed', { outcomes: [fakeOutcome(web, 'not-needed')] }, 'ready'],
    ['without effect today', { outcomes: [fakeOutcome(web, 'no-effect-today')] }, 'ready'],
    ['manual', { outcomes: [fakeOutcome(web, 'manual', { findings: [note] })] }, 'decision'],
    ['opt-in', { outcomes: [fakeOutcome(web, 'opt-in')] }, 'decision'],
    ['manual, with an error', { outcomes: [fakeOutcome(web, 'manual', { findings: [error] })] }, 'blocked'],
    ['closed', { outcomes: [fakeOutcome(web, 'closed', { findings: [note] })] }, 'blocked'],
    ['impossible', { outcomes: [fakeOutcome(web, 'impossible')] }, 'blocked'],
    [
      'impossible, which does not matter',
      { outcomes: [fakeOutcome(web, 'impossible', { findings: [note] })] },
      'ready',
    ],
    ['invalid', { outcomes: [fakeOutcome(web, 'invalid')] }, 'decision'],
    ['invalid, with an error', { outcomes: [fakeOutcome(web, 'invalid', { findings: [error] })] }, 'blocked'],
    ['unknown, with a note', { outcomes: [fakeOutcome(web, 'unknown', { findings: [note] })] }, 'ready'],
  ] as const)('%s', (_name, parts, expected) => {
    expect(readinessWith(parts)[0]?.readiness).toBe(expected);
  });

  it('takes the worst of all', () => {
    const outcomes = [fakeOutcome(web, 'closed'), fakeOutcome(web, 'manual'), fakeOutcome(web, 'converted')];
    expect(readinessWith({ outcomes })[0]).toMatchObject({
      readiness: 'blocked',
      reasons: ['closed', 'manual'],
    });
  });

  it('leaves Ingresses of other controllers alone', () => {
    const other = fakeIngress('shop/other', 1, { kind: 'not-selected', reason: 'of class traefik' });
    expect(readinessWith({ ingresses: [other] })[0]?.readiness).toBe('left-alone');
  });

  it('counts a finding about a host for all Ingresses of the host, and for no other', () => {
    const api = fakeIngress('shop/api');
    const far = fakeIngress('far/away');
    const found = readinessWith({
      ingresses: [far, web, api],
      servers: [fakeServer('shop.example.com', web, api), fakeServer('far.example.com', far)],
      findings: [fakeFinding('error', { scope: { kind: 'host', host: 'shop.example.com' } })],
    });
    expect(found.map(({ ingress, readiness }) => [ingress.ingress.ref.name, readiness])).toEqual([
      ['away', 'ready'],
      ['api', 'blocked'],
      ['web', 'blocked'],
    ]);
  });

  it('counts a finding with a place in one Ingress for that one alone', () => {
    const api = fakeIngress('shop/api');
    const found = readinessWith({
      ingresses: [web, api],
      servers: [fakeServer('shop.example.com', web, api)],
      findings: [fakeFinding('warning', { at: api, scope: { kind: 'host', host: 'shop.example.com' } })],
    });
    expect(found.map(({ readiness }) => readiness)).toEqual(['decision', 'ready']);
  });

  it('keeps findings that belong to no Ingress away from all', () => {
    expect(readinessWith({ findings: [fakeFinding('error')] })[0]?.readiness).toBe('ready');
  });
});
