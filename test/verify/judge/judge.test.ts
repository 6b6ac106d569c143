import { describe, expect, it } from 'vitest';
import { differences, isOpen, unjudged } from '../../../src/verify/judge/judge.ts';
import type { Result } from '../../../src/verify/judge/observation.ts';
import type { Probe, ProbeRequest } from '../../../src/verify/judge/probe.ts';

const probe = (request: Partial<ProbeRequest> = {}, more: Partial<Probe> = {}): Probe => ({
  name: 'p',
  request: { scheme: 'http', host: 'a.example.com', path: '/x', ...request },
  ...more,
});

const answered: Result = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  upstream: 'demo/a:80',
  upstreamRequest: {
    method: 'GET',
    path: '/x',
    host: 'a.example.com',
    headers: { 'x-real-ip': '127.0.0.1' },
  },
};
const own = (status: number, headers: Result['headers'] = {}): Result => ({
  status,
  headers,
  upstream: null,
  upstreamRequest: null,
});
const fieldsOf = (nginx: Result, istio: Result, p = probe()) =>
  differences(p, nginx, istio).map(({ field }) => field);

describe('differences', () => {
  it('finds none between equal answers', () => {
    expect(differences(probe(), answered, structuredClone(answered))).toEqual([]);
  });

  const request = answered.upstreamRequest!;
  const seen = (change: object): Result => ({ ...answered, upstreamRequest: { ...request, ...change } });
  it.each<[string, Result, Result, string[]]>([
    ['status', answered, { ...answered, status: 201 }, ['status']],
    ['Location', own(308, { location: 'a' }), { ...own(308), location: 'b' }, ['location']],
    ['upstream', answered, { ...answered, upstream: 'demo/b:80' }, ['upstream']],
    ['path', answered, seen({ path: '/x?y' }), ['path']],
    ['method', answered, seen({ method: 'POST' }), ['method']],
    ['Host', answered, seen({ host: 'b.example.com' }), ['host']],
    ['a request header that is missing', answered, seen({ headers: {} }), ['request-header:x-real-ip']],
    [
      'a request header that is new',
      answered,
      seen({ headers: { ...request.headers, 'x-new': '1' } }),
      ['request-header:x-new'],
    ],
    [
      'a response header',
      answered,
      { ...answered, headers: { ...answered.headers, vary: 'Origin' } },
      ['response-header:vary'],
    ],
    [
      'a certificate',
      { ...answered, serverCert: 'a | ' },
      { ...answered, serverCert: 'b | ' },
      ['certificate'],
    ],
    [
      'a mirror that is missing',
      { ...answered, otherUpstreamRequests: [{ ...request, upstream: 'demo/m:80' }] },
      answered,
      ['side-requests'],
    ],
    ['no answer at all', answered, { ...own(0), status: undefined!, error: 'ECONNRESET' }, ['connection']],
  ])('finds %s', (_, nginx, istio, fields) => {
    expect(fieldsOf(nginx, istio)).toEqual(fields);
  });

  it('takes every upstream outside the cluster for the same', () => {
    const named = { ...answered, upstream: 'external/auth.example.org:443' };
    expect(fieldsOf({ ...answered, upstream: 'external' }, named)).toEqual([]);
  });

  it('knows an ExternalName Service by its host', () => {
    const recorded = { ...answered, upstream: 'demo/ext:80' };
    const names = new Map([['demo/ext:80', 'external/ext.example.org:80']]);
    const found = (host: string) =>
      differences(probe(), recorded, { ...answered, upstream: `external/${host}:80` }, names);
    expect(found('ext.example.org')).toEqual([]);
    expect(found('other.example.org').map(({ field }) => field)).toEqual(['upstream']);
  });

  it('does not tell a request twice that got an answer in one system and none in the other', () => {
    const side = { ...request, upstream: 'demo/a:80' };
    const tried = (times: number): Result => ({
      ...own(504),
      otherUpstreamRequests: Array(times).fill(side),
    });
    expect(fieldsOf(tried(1), answered)).toEqual(['status', 'upstream']);
    expect(fieldsOf(tried(3), answered)).toEqual(['status', 'upstream', 'side-requests']);
    expect(fieldsOf(tried(3), tried(1))).toEqual(['side-requests']);
  });

  it('leaves out what is volatile', () => {
    const other = { ...answered, upstream: 'demo/b:80', status: 404 };
    const volatile = probe({}, { volatile: true, volatileFields: ['upstream'] });
    expect(fieldsOf(answered, other, volatile)).toEqual(['status']);
  });

  it('does not compare the content type of error pages', () => {
    expect(fieldsOf(own(404, { 'content-type': 'text/html' }), own(404))).toEqual([]);
    expect(fieldsOf(answered, { ...answered, headers: {} })).toEqual(['response-header:content-type']);
  });

  it('compares of an upgraded connection what the upstream tells', () => {
    const upgraded: Result = { ...answered, status: 101, upstreamRequest: { path: '/ws', headers: {} } };
    expect(fieldsOf(upgraded, { ...upgraded, upstreamRequest: { path: '/other', headers: {} } })).toEqual([
      'path',
    ]);
    expect(fieldsOf(upgraded, { ...answered, status: 101 })).toEqual(['path']);
  });

  it('compares the line of a TCP connection without the address of the server', () => {
    const tcp = (path: string): Result => ({
      ...answered,
      status: 0,
      upstreamRequest: { path, headers: {} },
    });
    expect(fieldsOf(tcp('127.77.1.1 hello'), tcp('hello'))).toEqual([]);
  });

  it('recovers the upstream of an answer without a legible body', () => {
    const sent = { ...request, method: 'HEAD', upstream: 'demo/a:80' };
    const head = (upstream: string): Result => ({
      ...own(200),
      otherUpstreamRequests: [{ ...sent, upstream }],
    });
    expect(fieldsOf(head('demo/a:80'), head('demo/b:80'), probe({ method: 'HEAD' }))).toEqual(['upstream']);
  });
});

describe('repeated requests', () => {
  const series = (counts: Record<string, number>, statuses: Record<string, number>): Result => ({
    ...answered,
    counts,
    statuses,
  });
  const twenty = { '200': 20 };
  it.each<[string, Result, Result, string[]]>([
    ['near shares', series({ a: 12, b: 8 }, twenty), series({ a: 15, b: 5 }, twenty), []],
    [
      'far shares',
      series({ a: 140, b: 60 }, { '200': 200 }),
      series({ a: 80, b: 120 }, { '200': 200 }),
      ['share'],
    ],
    ['one upstream against two', series({ a: 20 }, twenty), series({ a: 10, b: 10 }, twenty), ['share']],
    [
      'a limit that is not there',
      series({ a: 6, null: 14 }, { '200': 6, '503': 14 }),
      series({ a: 20 }, twenty),
      ['status'],
    ],
    [
      'a limit that answers with another status',
      series({ a: 6, null: 14 }, { '200': 6, '503': 14 }),
      series({ a: 6, null: 14 }, { '200': 6, '429': 14 }),
      ['status'],
    ],
  ])('%s', (_, nginx, istio, fields) => {
    expect(fieldsOf(nginx, istio, probe({ repeat: 20 }))).toEqual(fields);
  });
});

it('compares the last of several answers whichever upstream gave it', () => {
  const series = (upstream: string, headers: Record<string, string>): Result => ({
    ...answered,
    upstream,
    upstreamRequest: { ...answered.upstreamRequest!, headers },
    counts: { 'demo/a:80': 12, 'demo/b:80': 8 },
    statuses: { '200': 20 },
  });
  const fields = fieldsOf(series('demo/a:80', { 'x-real-ip': '127.0.0.1' }), series('demo/b:80', {}));
  expect(fields).toEqual(['request-header:x-real-ip']);
});

describe('unjudged', () => {
  const nginx = (result: Result | undefined) => ({
    system: '',
    version: '',
    results: result ? { p: result } : {},
  });
  it.each<[string, string | undefined, Probe, ReturnType<typeof nginx> & { nginxTestErrors?: string[] }]>([
    ['an answer', undefined, probe(), nginx(answered)],
    [
      'no answer',
      'nginx did not answer',
      probe(),
      nginx({ ...own(0), status: undefined!, error: 'ECONNRESET' }),
    ],
    ['no result', 'nginx did not answer', probe(), nginx(undefined)],
    ['a volatile probe', 'volatile', probe({}, { volatile: true }), nginx(answered)],
    [
      'a volatile field',
      undefined,
      probe({}, { volatile: true, volatileFields: ['upstream'] }),
      nginx(answered),
    ],
    [
      'a refused configuration',
      'nginx refused the whole configuration',
      probe(),
      { ...nginx(answered), nginxTestErrors: ['duplicate location'] },
    ],
  ])('%s', (_, reason, p, observation) => {
    expect(unjudged(p, observation)).toBe(reason);
  });
});

describe('isOpen', () => {
  it.each<[string, Result, Result, boolean, boolean]>([
    ['403 by nginx, an upstream through Istio', own(403), answered, false, true],
    ['401 by nginx, an upstream that answers 401', own(401), { ...answered, status: 401 }, false, true],
    ['401 by both', own(401), own(401), false, false],
    ['403 by the upstream itself', { ...answered, status: 403 }, answered, false, false],
    ['503 of a denied location', own(503), answered, true, true],
    ['503 for want of endpoints', own(503), answered, false, false],
  ])('%s', (_, nginx, istio, denied, open) => {
    expect(isOpen(probe(), nginx, istio, denied)).toBe(open);
  });
});
