import { describe, expect, it } from 'vitest';
import { originOf } from '../../src/domain/origin.ts';
import type { Step } from '../../src/plan/step.ts';
import { gatheredSteps } from '../../src/report/gathered.ts';
import { overviewOf } from '../../src/report/overview.ts';
import { planOf } from '../../src/report/plan.ts';
import { sectionsOf } from '../../src/report/sections.ts';
import { fakeConversion, fakeEmitted, fakeFinding, fakeIngress, fakeOutcome, fakeServer } from './fake.ts';

const web = fakeIngress('shop/web', 10);
const api = fakeIngress('back/api', 40);
const both = fakeIngress('back/both', 70);
const nowhere = fakeIngress('back/dropped', 90);

function step(kind: Step['kind'], key: string, ...origins: Step['origins'][number][]): Step {
  return { kind, key, title: key, commands: [`do ${key}`], origins };
}

const conversion = fakeConversion({
  ingresses: [web, api, both, nowhere],
  servers: [fakeServer('a.example.com', web, both), fakeServer('b.example.com', api, both)],
  objects: [fakeEmitted('a.example.com'), fakeEmitted('b.example.com')],
  outcomes: [web, api, both].map((ingress) => fakeOutcome(ingress, 'converted')),
  findings: [
    fakeFinding('warning', { code: 'x/platform' }),
    fakeFinding('warning', { code: 'x/web', at: web }),
    fakeFinding('error', { code: 'x/both', at: both }),
    fakeFinding('note', { code: 'x/b', at: both, scope: { kind: 'host', host: 'b.example.com' } }),
    fakeFinding('warning', { code: 'x/dropped', at: nowhere }),
  ],
  steps: [
    step('copy-secret', 'tls', originOf(web.ingress.source)),
    step('mesh-config', 'mesh', originOf(web.ingress.source)),
  ],
});
const codesOf = (overview: { findings: readonly { type: { code: string } }[] }) =>
  overview.findings.map(({ type }) => type.code);

describe('sections', () => {
  it('by host hold what is told of the host and of its Ingresses', () => {
    const { sections, rest } = sectionsOf(overviewOf(conversion), 'host');
    expect(sections.map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
    const [a, b] = sections.map((section) => section.overview());
    expect(codesOf(a!)).toEqual(['x/both', 'x/web']);
    expect(codesOf(b!)).toEqual(['x/both', 'x/b']);
    expect(a!.summary).toMatchObject({
      hosts: 1,
      secretsToCopy: 1,
      ingresses: { decision: 1, blocked: 1, total: 2 },
    });
    expect(a!.conversion.objects.map(({ file }) => file)).toEqual(['a.example.com']);
    expect(b!.steps.map(({ key }) => key)).not.toContain('tls');
    expect(codesOf(rest.overview())).toEqual(['x/dropped', 'x/platform']);
    expect(rest.overview().steps.map(({ key }) => key)).toEqual(['mesh']);
  });

  it('by namespace leave no Ingress out, and tell each finding somewhere', () => {
    const overview = overviewOf(conversion);
    const { sections, rest } = sectionsOf(overview, 'namespace');
    expect(sections.map(({ name }) => name)).toEqual(['back', 'shop']);
    const parts = [...sections.map((section) => section.overview()), rest.overview()];
    expect(parts.map(({ ingresses }) => ingresses.length)).toEqual([3, 1, 0]);
    expect(new Set(parts.flatMap(codesOf))).toEqual(new Set(codesOf(overview)));
  });
});

describe('the plan', () => {
  it('follows the steps of the conversion with checks, cut-over and the way back', () => {
    const keys = planOf(conversion).map(({ key }) => key);
    expect(keys).toEqual([
      'tls',
      'mesh',
      'apply',
      'proxy-status',
      'try',
      'cut-over',
      'roll-back',
      'clean-up',
    ]);
  });

  it('asks for nothing where nothing was written', () => {
    expect(planOf(fakeConversion({ ingresses: [web] }))).toEqual([]);
  });

  it('lets no value of the input out of its word or comment', () => {
    const host = "x'; rm -rf / #\n$(id)`id`";
    const evil = fakeIngress(`a;id/b'$(id)`);
    const plan = planOf(
      fakeConversion({ ingresses: [evil], servers: [fakeServer(host, evil)], objects: [fakeEmitted('x')] }),
    );
    const lines = plan.flatMap(({ commands }) => commands).flatMap((command) => command.split('\n'));
    expect(lines).toContain("kubectl delete ingress -n 'a;id' 'b'\\''$(id)'");
    const told = lines.filter((text) => text.includes('rm -rf') || text.includes('`id`'));
    expect(told).toEqual([expect.stringMatching(/^# /)]);
  });
});

describe('many steps of one kind', () => {
  const steps = Array.from({ length: 21 }, (_, index) => step('copy-secret', `secret ${index}`));

  it('are told as one, which says how to get all of them', () => {
    const [first, ...others] = gatheredSteps([...steps, step('verify', 'look')]);
    expect(first?.title).toBe("Copy 21 Secrets to the gateway's namespace");
    expect(first?.commands.slice(0, 2)).toEqual(['do secret 0', 'do secret 1']);
    expect(first?.commands.at(-1)).toContain('select(.kind == "copy-secret")');
    expect(others.map(({ key }) => key)).toEqual(['look']);
  });

  it('have all of their commands where there are few, and one is left as it is', () => {
    const [first, ...others] = gatheredSteps(steps.slice(1));
    expect(first?.commands).toEqual(steps.slice(1).flatMap(({ commands }) => commands));
    expect(others).toEqual([]);
    expect(gatheredSteps(steps.slice(0, 1))).toEqual(steps.slice(0, 1));
  });
});
