import { expect, test } from 'vitest';
import { codesOf, convertYaml, input, objectsOf, statusOf } from '../convert.ts';

function tlsOf(annotations: Readonly<Record<string, string>>, config: Readonly<Record<string, string>> = {}) {
  const conversion = convertYaml(input([{ annotations, tls: true }], config));
  const [gateway] = objectsOf(conversion, 'Gateway');
  const spec = gateway?.spec as { servers: { tls?: Record<string, unknown> }[] } | undefined;
  return { conversion, tls: spec?.servers[1]?.tls };
}

test('suites that Envoy knows are kept in their order, others are told', () => {
  const list = 'ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:!aNULL';
  const { tls, conversion } = tlsOf({ 'ssl-ciphers': list });
  expect(tls?.['cipherSuites']).toEqual(['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-GCM-SHA256']);
  expect(codesOf(conversion)).toContain('cipher/not-known');
  expect(statusOf(conversion, 'ssl-ciphers')).toBe('converted');
});

test('keywords alone leave the ciphers of Istio', () => {
  const { tls, conversion } = tlsOf({ 'ssl-ciphers': 'HIGH:!MD5' });
  expect(tls).not.toHaveProperty('cipherSuites');
  expect(statusOf(conversion, 'ssl-ciphers')).toBe('manual');
});

test('the annotation goes before the global list', () => {
  const { tls } = tlsOf({ 'ssl-ciphers': 'AES128-SHA' }, { 'ssl-ciphers': 'AES256-SHA' });
  expect(tls?.['cipherSuites']).toEqual(['AES128-SHA']);
  expect(tlsOf({}, { 'ssl-ciphers': 'AES256-SHA' }).tls?.['cipherSuites']).toEqual(['AES256-SHA']);
});

test.each([
  ['TLSv1.3', 'TLSV1_3', 'TLSV1_3', false],
  ['TLSv1.2 TLSv1.3', 'TLSV1_2', 'TLSV1_3', false],
  ['TLSv1 TLSv1.2', 'TLSV1_0', 'TLSV1_2', true],
])('ssl-protocols %s', (versions, oldest, newest, told) => {
  const { tls, conversion } = tlsOf({}, { 'ssl-protocols': versions });
  expect(tls).toMatchObject({ minProtocolVersion: oldest, maxProtocolVersion: newest });
  expect(codesOf(conversion).includes('cipher/versions-between')).toBe(told);
});

test('nothing is written where nobody set anything', () => {
  const { tls } = tlsOf({});
  expect(Object.keys(tls ?? {}).sort()).toEqual(['credentialName', 'mode']);
});
