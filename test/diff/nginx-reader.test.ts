import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nginxReader } from '../../src/diff/nginx-routes.ts';
import { canonicalLocation, type RouteRequest } from '../../src/diff/route.ts';
import { normalPath } from '../../src/verify/judge/location.ts';
import type { Result } from '../../src/verify/judge/observation.ts';
import type { Probe } from '../../src/verify/judge/probe.ts';
import { convertScenario } from '../conformance/converted.ts';
import { readScenario, scenarioNames } from '../conformance/scenario.ts';

const root = fileURLToPath(new URL('../conformance/scenarios', import.meta.url));

/** What the reader says of nginx's model against what the real nginx did; every exception is in the file. */
it('reads of nginx what nginx did', async () => {
  const lines: string[] = [];
  let asked = 0;
  for (const name of scenarioNames(root, [])) {
    const scenario = readScenario(join(root, name));
    const { model, cluster } = convertScenario(scenario, 'default');
    const reader = nginxReader(model, cluster);
    for (const probe of scenario.probes) {
      const result = scenario.nginx.results[probe.name];
      const request = requestOf(probe);
      if (request === undefined || result?.status === undefined) continue;
      asked++;
      const { answer, backend, rewrite, policy } = reader.route(request);
      const read = [answer, backend, rewrite, policy].filter((part) => part !== '').join('; ');
      if (!agrees(probe, request, result, { answer, backend, rewrite, policy }))
        lines.push(
          `${name} [${probe.name.slice(0, 60)}]: ${result.status} ${result.upstream}, read: ${read}`,
        );
    }
  }
  expect(asked).toBeGreaterThan(1100);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('nginx-reader.txt');
});

/** A probe as the table asks; undefined for what the table does not ask. */
function requestOf({ request, volatile }: Probe): RouteRequest | undefined {
  const { scheme, host, method = 'GET', path, headers = {}, protocol, repeat = 1, bodySize } = request;
  const bare = path.replace(/[?#].*$/s, '');
  const plain = protocol !== 'tcp' && protocol !== 'websocket' && repeat === 1 && bodySize === undefined;
  if (volatile || !plain || path.length > 1000 || normalPath(path) !== bare) return undefined;
  return {
    host: host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, ''),
    tls: scheme === 'https',
    method,
    path: bare,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  };
}

interface Read {
  readonly answer: string;
  readonly backend: string;
  readonly rewrite: string;
  readonly policy: string;
}

function agrees(
  probe: Probe,
  request: RouteRequest,
  result: Result,
  { answer, backend, rewrite, policy }: Read,
): boolean {
  // Who is refused by a protection depends on the client, which the table leaves open.
  const refused = policy !== '' && [302, 400, 401, 403, 500, 503].includes(result.status ?? 0);
  if (refused && result.upstream === null) return true;
  const [code, location] = answer.split(' ');
  if (answer !== '') {
    const query = probe.request.path.slice(request.path.length);
    const seen = canonicalLocation(result.location ?? '', request);
    return (
      String(result.status) === code &&
      (location === undefined || seen === location || seen === location + query)
    );
  }
  if (result.upstream === null) return false;
  const path = (result.upstreamRequest?.path ?? '').replace(/\?.*$/s, '');
  const target = /^path ([^,]*)/.exec(rewrite)?.[1]?.replace(/\?.*$/s, '') ?? request.path;
  const name = backend.replace(/ \([a-z]+\)$/, '');
  const known = name === result.upstream || /%|^external /.test(name);
  return known && (path === target || result.upstream.startsWith('external'));
}
