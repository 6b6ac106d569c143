import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Probe } from '../../../src/verify/judge/probe.ts';
import { parseAddress } from '../../../src/verify/live/address.ts';
import { send } from '../../../src/verify/live/client.ts';
import { comparer, type LiveResult } from '../../../src/verify/live/compare.ts';
import { probesOfFile } from '../../../src/verify/live/file-probes.ts';
import { probesOfModel } from '../../../src/verify/live/model-probes.ts';
import { planOf, runSession, safeMethods } from '../../../src/verify/live/session.ts';
import { verifyFormats } from '../../../src/verify/report/formats.ts';
import { liveDocument } from '../../../src/verify/report/live-document.ts';
import { liveJson, liveJunit } from '../../../src/verify/report/live-machine.ts';
import { liveTable } from '../../../src/verify/report/live-table.ts';
import { convertScenario } from '../../conformance/converted.ts';
import { ownScenarios } from '../../conformance/flags.ts';
import { readScenario } from '../../conformance/scenario.ts';

interface Received {
  readonly method: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly at: number;
  bytes: number;
}

/** A gateway that notes what it gets and answers by the path. */
function gateway(answer: (path: string, count: number) => [number, http.OutgoingHttpHeaders, string]) {
  const received: Received[] = [];
  const server = http.createServer((request, response) => {
    const one: Received = {
      method: request.method ?? '',
      headers: request.headers,
      at: performance.now(),
      bytes: 0,
    };
    received.push(one);
    request.on('data', (data: Buffer) => {
      one.bytes += data.length;
    });
    const [status, headers, body] = answer(request.url ?? '', received.length);
    response.writeHead(status, headers);
    response.end(body);
  });
  const start = () => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { received, server, start, port: () => (server.address() as AddressInfo).port };
}

let moves = 0;
const conversion = convertScenario(readScenario(join(ownScenarios, 'path-exact')), 'default');
const old = gateway((path, count) =>
  path === '/moving' ? [200 + (moves++ % 2), {}, 'x'] : [200, { 'x-a': '1', etag: String(count) }, 'hello'],
);
const fresh = gateway((path) =>
  path === '/other'
    ? [200, { 'x-a': '2' }, 'hello']
    : path === '/gone'
      ? [404, {}, '']
      : [200, { 'x-a': '1', etag: 'n' }, 'hello'],
);

beforeAll(() => Promise.all([old.start(), fresh.start()]));
afterAll(() => {
  for (const { server } of [old, fresh]) {
    server.closeAllConnections();
    server.close();
  }
});

const probe = (path: string, request: Partial<Probe['request']> = {}): Probe => ({
  name: `${request.method ?? 'GET'} ${path}`,
  request: { scheme: 'http', host: 'any.example.com', path, ...request },
});

function run(probes: readonly Probe[], rate = 1000, port = fresh.port()): Promise<LiveResult[]> {
  const common = { address: '127.0.0.1', timeout: 2000 };
  return runSession(probes, {
    from: { ...common, ports: { 80: old.port() } },
    to: { ...common, ports: { 80: port } },
    rate,
    comparer: comparer(conversion, { hash: false, clean: (body) => body }),
    follows: () => true,
    stopped: () => false,
    onResult: () => undefined,
  });
}

const all = { methods: safeMethods, hosts: () => true, max: 1000 };

describe('what is sent', () => {
  it('is GET, HEAD and OPTIONS, without bodies and credentials', async () => {
    const secrets = {
      Authorization: 'Basic c2VjcmV0',
      Cookie: 'session=secret',
      'X-Api-Key': 'secret',
      Accept: '*/*',
    };
    const wild = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'get-all'].map(
      (method) => probe('/', { method, body: 'secret', headers: secrets, clientCert: 'client' }),
    );
    const plan = planOf([...wild, ...probesOfModel(conversion)], all);
    expect(plan.unsafe).toBe(6);
    const before = old.received.length;
    await run(plan.probes.slice(0, 40));
    const sent = [...old.received.slice(before), ...fresh.received];
    expect(sent.length).toBeGreaterThan(40);
    expect([...new Set(sent.map(({ method }) => method))].sort()).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(sent.every(({ bytes }) => bytes === 0)).toBe(true);
    expect(JSON.stringify(sent)).not.toMatch(/secret|c2VjcmV0/);
  });

  it('is more only where somebody asks for it', () => {
    const plan = planOf([probe('/', { method: 'POST' })], { ...all, methods: [...safeMethods, 'POST'] });
    expect(plan.probes).toHaveLength(1);
  });

  it('keeps to the rate', async () => {
    const before = fresh.received.length;
    await run(
      Array.from({ length: 21 }, (_, index) => probe(`/rate/${index}`)),
      50,
    );
    const times = fresh.received.slice(before).map(({ at }) => at);
    expect(times).toHaveLength(21);
    // 20 pauses of 20 ms; timers may be late, and are never early by more than one.
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(19 * 20);
  });

  it('is limited by --max and --hosts', () => {
    const plan = planOf(probesOfModel(conversion), { ...all, max: 3 });
    expect([plan.probes.length, plan.left > 0]).toEqual([3, true]);
    expect(planOf(probesOfModel(conversion), { ...all, hosts: () => false }).probes).toEqual([]);
  });
});

describe('verdicts', () => {
  it('tell what differs, and not what differs by itself', async () => {
    const results = await run([probe('/same'), probe('/other'), probe('/gone'), probe('/moving')]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['same', 'undeclared', 'undeclared', 'unstable']);
    expect(results[1]!.differences).toEqual([
      { field: 'response-header:x-a', nginx: '1', istio: '2', declaredBy: [] },
    ]);
  });

  it('tell that a gateway is not there', async () => {
    const [result] = await run([probe('/same')], 1000, 1);
    expect([result?.verdict, result?.note]).toEqual(['unreachable', 'the new gateway: ECONNREFUSED']);
  });
});

it('asks for every location and its boundaries, the same in each run', () => {
  const names = probesOfModel(conversion).map(({ name }) => name);
  expect(names).toEqual(probesOfModel(conversion).map(({ name }) => name));
  for (const name of [
    'GET http://a.example.com/foo',
    'GET https://a.example.com/foo/',
    'GET http://a.example.com/fooany',
    'GET http://a.example.com/FOO',
    'HEAD http://a.example.com/foo',
  ])
    expect(names).toContain(name);
});

it.each([
  [
    'a gRPC route for its health',
    'backend-protocol',
    /^POST https:\/\/.*\/grpc\.health\.v1\.Health\/Check \(grpc\)$/,
  ],
  ['any route over HTTP/2', 'path-exact', /^GET https:\/\/a\.example\.com\/foo \(http2\)$/],
  ['any route for a websocket', 'path-exact', /^GET http:\/\/a\.example\.com\/foo \(websocket\)$/],
])('asks %s', (_, scenario, name) => {
  const probes = probesOfModel(convertScenario(readScenario(join(ownScenarios, scenario)), 'default'));
  expect(probes.map((one) => one.name)).toContainEqual(expect.stringMatching(name));
});

it('sends a gRPC message and takes the trailers', async () => {
  const pem = (end: string) => readFileSync(new URL(`../../conformance/echo.${end}`, import.meta.url));
  const bodies: Buffer[] = [];
  const server = http2.createSecureServer({ cert: pem('crt'), key: pem('key') });
  server.on('stream', (stream) => {
    stream.on('data', (data: Buffer) => bodies.push(data));
    stream.on('end', () => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '12' }));
      stream.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const request = {
    scheme: 'https',
    host: 'a.example.com',
    path: '/x',
    method: 'POST',
    protocol: 'grpc',
  } as const;
  const answer = await send(request, {
    address: '127.0.0.1',
    ports: { 443: port },
    insecure: true,
    timeout: 5000,
  });
  server.close();
  expect(answer).toMatchObject({ status: 200, headers: { 'grpc-status': '12' } });
  expect(Buffer.concat(bodies)).toEqual(Buffer.alloc(5));
});

it('shows a run under way by host, those with surprises first', () => {
  const table = liveTable();
  const add = (host: string, verdict: LiveResult['verdict']) =>
    table.add({ probe: probe('/', { host }), verdict, differences: [], before: 200, after: 200 });
  add('a.example.com', 'same');
  add('b.example.com', 'undeclared');
  add('a.example.com', 'same');
  expect(table.lines()).toEqual([
    'Host             same  declared  closed  undeclared  unstable  unreachable',
    'b.example.com       0         0       0           1         0            0',
    'a.example.com       2         0       0           0         0            0',
  ]);
});

describe('probesOfFile', () => {
  it('takes of a HAR what chooses a route, and nothing secret', () => {
    const entry = {
      request: {
        method: 'GET',
        url: 'https://a.example.com/x?y=1',
        headers: [
          { name: 'Cookie', value: 'secret' },
          { name: 'Accept', value: 'text/html' },
        ],
      },
    };
    const [found] = probesOfFile(
      JSON.stringify({ log: { entries: [entry, {}, { request: { url: 'file:///x' } }] } }),
      'a.har',
    );
    expect(found?.request).toEqual({
      scheme: 'https',
      host: 'a.example.com',
      path: '/x?y=1',
      method: 'GET',
      headers: { Accept: 'text/html' },
    });
  });

  it.each([
    '{',
    'a: [',
    'probes: [{}]',
    'probes: [{name: a, request: {scheme: http, host: "a\\nb", path: /}}]',
    '[]',
    '',
  ])('refuses %j', (text) => {
    expect(() => probesOfFile(text, 'f')).toThrow(/f contains no requests/);
  });
});

it.each([
  ['gw.example.com', { host: 'gw.example.com', http: 80, https: 443 }],
  ['127.0.0.1:8080', { host: '127.0.0.1', http: 8080, https: 443 }],
  ['[::1]:1:2', { host: '::1', http: 1, https: 2 }],
])('the address %s', (text, expected) => {
  expect(parseAddress(text, 'from')).toEqual(expected);
});

it.each(['', 'a:b', 'a:0', 'a:70000', '::1', '[x]', 'http://a', 'a b'])('no address: %j', (text) => {
  expect(() => parseAddress(text, 'from')).toThrow(/--from cannot be/);
});

it('reports fit their formats', async () => {
  const results = await run([probe('/same'), probe('/other')]);
  const report = { from: 'a:80:443', to: 'b:80:443', results, planned: 2, interrupted: false };
  const schema = JSON.parse(
    readFileSync(new URL('../../../src/verify/report/verify-live.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv({ strict: false }).compile(schema);
  const json = JSON.parse([...liveJson(report, '1.0.0')].join(''));
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  expect(json.verdicts).toMatchObject({ same: 1, undeclared: 1 });
  const junit = [...liveJunit(report)].join('');
  expect(junit).toContain('failures="1"');
  const text = [...verifyFormats.text(liveDocument(report), { colors: false, version: '1' })].join('');
  expect(text).toContain('1 of 2 requests differ, and no finding declares it.');
  expect(text).toContain('header x-a: 1 → 2');
  const down = await run([probe('/same')], 1000, 1);
  const [verdict] = [
    ...verifyFormats.text(liveDocument({ ...report, results: down }), { colors: false, version: '1' }),
  ];
  expect(verdict).toContain('1 was not answered, so nothing is shown for it.');
});
