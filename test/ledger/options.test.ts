import { expect, it } from 'vitest';
import { defaultOptions } from '../../src/domain/options.ts';
import { codesOf, convertYaml, filters, input } from '../features/convert.ts';

it.each([
  ['hsts-max-age', '60', 'converted', undefined],
  ['hsts', 'true', 'converted', undefined],
  ['gzip-level', '5', 'opt-in', 'option/opt-in'],
  ['worker-processes', '4', 'not-needed', undefined],
  ['keep-alive', '75', 'not-needed', undefined],
  ['enable-ocsp', 'true', 'impossible', 'option/impossible'],
  ['main-snippet', 'x y;', 'manual', 'option/manual'],
  ['proxy-read-timeout', 'soon', 'invalid', 'option/invalid'],
  ['use-gzip', 'yes', 'invalid', 'option/invalid'],
  ['server-tokns', 'true', 'unknown', 'option/unknown'],
  ['use-http2', '  ', 'no-effect-today', undefined],
])('%s: %s is %s', (name, value, status, code) => {
  const conversion = convertYaml(input([{}], { [name]: value }), defaultOptions);
  const outcomes = conversion.outcomes.filter(({ subject }) => subject.kind === 'option');
  expect(outcomes.map((outcome) => [outcome.subject.name, outcome.status])).toEqual([[name, status]]);
  expect(codesOf(conversion).filter((one) => one.startsWith('option/'))).toEqual(
    code === undefined ? [] : [code],
  );
});

it('carries more over with EnvoyFilters', () => {
  const conversion = convertYaml(input([{}], { 'use-gzip': 'true' }), filters);
  expect(conversion.outcomes.find(({ subject }) => subject.name === 'use-gzip')?.status).toBe('converted');
});

it('asks whether another key was meant', () => {
  const conversion = convertYaml(input([{}], { 'use-forwarded-header': 'true' }));
  const [told] = conversion.findings.filter(({ type }) => type.code === 'option/unknown');
  expect(told?.args).toMatchObject({ suggestions: ['use-forwarded-headers'] });
});
