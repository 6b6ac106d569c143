import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTransport } from '../../src/verify/judge/noise.ts';
import type { Headers, Result, SideRequest, UpstreamRequest } from '../../src/verify/judge/observation.ts';
import type { Probe } from '../../src/verify/judge/probe.ts';
import { type Answer, send, type Target } from '../../src/verify/live/client.ts';
import type { Echo, EchoedRequest } from './echo.ts';
import type { Scenario } from './scenario.ts';

/** A gateway that answers, and the upstreams behind it. */
export interface Running extends Target {
  /** `namespace/service:port` by address. */
  readonly services: Readonly<Record<string, string>>;
  /** The gateway's own folder, with `access.log`. */
  readonly dir: string;
  readonly network: number;
}

/** Sends the probes of a scenario, one after the other, and tells what came back, by the probe's name. */
export async function observe(
  scenario: Scenario,
  gateway: Running,
  echo: Echo,
): Promise<Record<string, Result>> {
  const results: Record<string, Result> = {};
  for (const probe of scenario.probes) {
    const recorded = scenario.nginx.results[probe.name]?.otherUpstreamRequests?.length ?? 0;
    results[probe.name] = await ask(probe, gateway, echo, recorded);
  }
  return results;
}

async function ask(
  probe: Probe,
  gateway: Running,
  echo: Echo,
  expectedSideRequests: number,
): Promise<Result> {
  const { request } = probe;
  await sleep(request.waitMs ?? 0);
  echo.take(gateway.network);
  const started = Date.now();
  const answers: Answer[] = [];
  const times = request.repeat ?? 1;
  if (request.parallel) {
    answers.push(...(await Promise.all(Array.from({ length: times }, () => send(request, gateway)))));
  } else {
    for (let n = 0; n < times; n++) answers.push(await send(request, gateway));
  }
  const elapsedMs = Math.round((Date.now() - started) / 100) * 100;
  const last = answers.at(-1)!;
  const echoed = await answeredBy(last, gateway);
  const upstreams = answers.map((answer) => nameOf(echoOf(answer)?.local, gateway));
  const result = resultOf(last, echoed, gateway);
  if (times > 1) {
    return {
      ...result,
      counts: countOf(upstreams.map(String)),
      statuses: countOf(answers.map((answer) => String(answer.status ?? answer.error))),
      ...(request.timed ? { elapsedMs } : {}),
    };
  }
  const side = await sideRequests(echoed, gateway, echo, expectedSideRequests);
  return {
    ...result,
    ...(side.length > 0 ? { otherUpstreamRequests: side } : {}),
    ...(request.timed ? { elapsedMs } : {}),
  };
}

/** What an answer tells of the upstream that gave it. */
interface Trace extends Partial<EchoedRequest> {
  readonly local: string;
  readonly path: string;
  readonly headers: Record<string, string>;
}

function echoOf(answer: Answer): Trace | undefined {
  const local = answer.headers['x-echo-local'];
  if (typeof local === 'string') {
    return { local, path: String(answer.headers['x-echo-path'] ?? ''), headers: {} };
  }
  if (answer.headers['x-echo'] === undefined) return undefined;
  try {
    return JSON.parse(answer.body) as EchoedRequest;
  } catch {
    return undefined; // no body (HEAD) or a compressed one
  }
}

/** The upstream that answered. A refusal which the gateway relays from an authorization service is its own answer. */
async function answeredBy(answer: Answer, gateway: Running): Promise<Trace | undefined> {
  const echoed = echoOf(answer);
  if (echoed === undefined || answer.status === undefined || answer.status < 300) return echoed;
  return (await deniedByAuthorization(answer, gateway)) ? undefined : echoed;
}

/** Envoy's access log holds the flag UAEX for a request that an authorization service refused. It is written with a delay. */
async function deniedByAuthorization(answer: Answer, gateway: Running): Promise<boolean> {
  for (let tries = 0; tries < 10; tries++) {
    await sleep(80);
    const line = accessLog(gateway.dir).at(-1) ?? '';
    if (line.includes(` ${answer.status} `)) return / UAEX |ext_authz_denied/.test(line);
  }
  return false;
}

function accessLog(dir: string): string[] {
  try {
    return readFileSync(join(dir, 'access.log'), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

function resultOf(answer: Answer, echoed: Trace | undefined, gateway: Running): Result {
  const headers: Headers = Object.fromEntries(
    Object.entries(answer.headers).filter(([name]) => !isTransport(name)),
  );
  return {
    ...(answer.status === undefined ? {} : { status: answer.status }),
    headers,
    ...(typeof headers['location'] === 'string' ? { location: headers['location'] } : {}),
    upstream: nameOf(echoed?.local, gateway),
    upstreamRequest: echoed === undefined ? null : seenBy(echoed),
    ...(answer.error === undefined ? {} : { error: answer.error }),
    ...(echoed === undefined && answer.body !== '' ? { body: answer.body.slice(0, 200) } : {}),
    ...(answer.certificate === undefined ? {} : { serverCert: answer.certificate }),
  };
}

function nameOf(address: string | undefined, gateway: Running): string | null {
  return address === undefined ? null : (gateway.services[address] ?? address);
}

function seenBy({ method, path, host, headers, httpVersion, tlsServername }: Trace): UpstreamRequest {
  return {
    ...(method === undefined ? {} : { method }),
    path,
    ...(host === undefined ? {} : { host }),
    headers,
    ...(httpVersion === undefined ? {} : { httpVersion }),
    ...(tlsServername === undefined ? {} : { tlsServername }),
  };
}

/** What else reached an upstream. Mirrors come after the answer: waits for as many requests as nginx sent, or a moment. */
async function sideRequests(
  main: Trace | undefined,
  gateway: Running,
  echo: Echo,
  expected: number,
): Promise<SideRequest[]> {
  const wanted = expected + (main?.id === undefined ? 0 : 1);
  await sleep(20);
  for (let waited = 20; echo.waiting(gateway.network) < wanted && waited < 300; waited += 20) await sleep(20);
  // A connection that was upgraded has no id: its answer tells only the address and the path.
  const isMain = (request: EchoedRequest) =>
    main?.id === undefined
      ? request.local === main?.local &&
        request.path === main.path &&
        request.headers['upgrade'] !== undefined
      : request.id === main.id;
  return echo
    .take(gateway.network)
    .filter((request) => !isMain(request))
    .map((request) => ({
      upstream: nameOf(request.local, gateway)!,
      ...seenBy(request),
      bodyBytes: request.bodyBytes,
    }));
}

function countOf(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
