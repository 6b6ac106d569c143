import type { Mapping } from '../read/fields.ts';
import type { IstioContext } from './istio-context.ts';
import { at, bestFit, listOf, textOf, textsOf } from './istio-objects.ts';
import { samplesOf } from './regex-samples.ts';
import { type Condition, exampleHost, type PathHint, type RouteHints } from './route.ts';

/** What is worth asking of a host, as the objects have it. */
export function istioHints(host: string, { virtualServices, gateways }: IstioContext): RouteHints {
  const name = exampleHost(host);
  const own = virtualServices.get(host) ?? [];
  const matches = own.flatMap(({ spec }) => listOf(spec, 'http').flatMap((route) => listOf(route, 'match')));
  const names = own.flatMap(({ spec }) => textsOf(spec, 'gateways'));
  const https = names.some((gateway) =>
    listOf(gateways.get(gateway)?.spec, 'servers').some(
      (server) =>
        /^(?:HTTPS|TLS)$/.test(textOf(at(server, 'port'), 'protocol') ?? '') &&
        // A server for all hosts stands for hosts that nobody named, too.
        (host === '*' || !textsOf(server, 'hosts').includes('*')) &&
        bestFit(textsOf(server, 'hosts'), name) !== undefined,
    ),
  );
  return { paths: matches.flatMap(pathOf), https, http: true, conditions: matches.flatMap(conditionsOf) };
}

function pathOf(match: Mapping): PathHint[] {
  const uri = at(match, 'uri');
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const path = textOf(uri, kind);
    if (path !== undefined) return [{ kind, path }];
  }
  return [];
}

/** Requests that meet the headers and the method of a match. */
function conditionsOf(match: Mapping): Condition[] {
  const method = textOf(at(match, 'method'), 'exact');
  const headers = at(match, 'headers');
  // Limits of sizes are told once, not for each route.
  if (headers['content-length'] !== undefined) return [];
  const wanted: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = at(headers, name);
    const regex = textOf(value, 'regex');
    const sample =
      textOf(value, 'exact') ??
      textOf(value, 'prefix') ??
      (regex === undefined ? 'any' : samplesOf(regex)[0]);
    if (!name.startsWith(':') && sample !== undefined) wanted[name.toLowerCase()] = sample;
  }
  if (method === undefined && Object.keys(wanted).length === 0) return [];
  return [{ ...(method === undefined ? {} : { method }), headers: wanted }];
}
