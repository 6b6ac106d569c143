import { expect, it } from 'vitest';
import type { RequestClass } from '../../../src/domain/findings.ts';
import type { Server } from '../../../src/nginx/model.ts';
import type { Result } from '../../../src/verify/judge/observation.ts';
import type { ProbeRequest } from '../../../src/verify/judge/probe.ts';
import { isOfClass } from '../../../src/verify/judge/requests.ts';

const own = (status: number): Result => ({ status, headers: {}, upstream: null, upstreamRequest: null });
const passed = (status: number): Result => ({ ...own(status), upstream: 'demo/a:80' });
const named = {} as Server;

it.each<[RequestClass, Partial<ProbeRequest>, Result, Server | undefined, boolean]>([
  ['odd-path', { path: '/a//b' }, passed(200), named, true],
  ['odd-path', { path: '/a/./b' }, passed(200), named, true],
  ['odd-path', { path: '/a/..' }, passed(200), named, true],
  ['odd-path', { path: '/a%2Fb' }, passed(200), named, true],
  ['odd-path', { path: '/a/.well-known?x=%20//' }, passed(200), named, false],
  ['odd-spelling', { path: '/a%2Fb' }, passed(200), named, true],
  ['odd-spelling', { path: '/ADMIN?x=1' }, passed(200), named, true],
  ['odd-spelling', { path: '/admin?x=A//' }, passed(200), named, false],
  ['answered-first', {}, own(308), named, true],
  ['answered-first', { method: 'OPTIONS' }, own(204), named, true],
  ['answered-first', {}, own(403), named, false],
  ['answered-first', {}, passed(302), named, false],
  ['large-body', { body: 'x' }, own(413), named, true],
  ['large-body', { body: 'x' }, passed(413), named, false],
  ['underscore-header', { headers: { X_A: '1' } }, passed(200), named, true],
  ['underscore-header', { headers: { 'X-A': '_' } }, passed(200), named, false],
  ['large-headers', { headers: { A: 'x'.repeat(8200) } }, own(400), named, true],
  ['large-headers', { path: `/${'x'.repeat(8200)}` }, own(414), named, true],
  ['large-headers', { headers: { A: 'x'.repeat(8000) } }, passed(200), named, false],
  ['client-request-id', { headers: { 'X-Request-ID': 'a' } }, passed(200), named, true],
  ['client-request-id', { headers: { 'X-Request': 'a' } }, passed(200), named, false],
  ['client-forwarded-headers', { headers: { 'X-Forwarded-Proto': 'https' } }, passed(200), named, true],
  ['client-forwarded-headers', { headers: { 'X-Forward': 'https' } }, passed(200), named, false],
  ['failing-upstream', {}, own(504), named, true],
  ['failing-upstream', {}, passed(504), named, false],
  ['failing-upstream', {}, own(503), named, false],
  ['no-endpoints', {}, own(503), named, true],
  ['no-endpoints', {}, passed(503), named, false],
  ['unknown-host-https', { scheme: 'https' }, own(404), undefined, true],
  ['unknown-host-https', { scheme: 'https' }, own(404), named, false],
  ['unknown-host-https', {}, own(404), undefined, false],
  ['malformed', { path: '/../x' }, own(404), named, true],
  ['malformed', {}, own(400), named, true],
  ['malformed', {}, passed(400), named, false],
])('%s: %j', (which, request, nginx, server, expected) => {
  const whole: ProbeRequest = { scheme: 'http', host: 'a.example.com', path: '/', ...request };
  expect(isOfClass(which, whole, nginx, server)).toBe(expected);
});
