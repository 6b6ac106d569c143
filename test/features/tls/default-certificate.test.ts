import { expect, test } from 'vitest';
import { codesOf, convertYaml, input } from '../convert.ts';

test.each<[string, Record<string, string>, boolean]>([
  ['nothing', {}, false],
  ['an age for HSTS', { 'hsts-max-age': '31536000' }, true],
  ['HSTS of subdomains', { 'hsts-include-subdomains': 'true' }, true],
  ['HSTS off', { hsts: 'false', 'hsts-max-age': '31536000' }, false],
  ['another key', { 'proxy-body-size': '8m' }, false],
])('a ConfigMap with %s shows whether hosts without a certificate are used over HTTPS', (_, config, used) => {
  const conversion = convertYaml(input([{}], config));
  expect(codesOf(conversion).includes('tls/https-lost')).toBe(!used);
  expect(conversion.steps.some(({ kind }) => kind === 'certificate')).toBe(used);
});
