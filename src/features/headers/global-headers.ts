import { type Finding, finding, findingType } from '../../domain/findings.ts';
import { originOf } from '../../domain/origin.ts';
import type { Location, Server } from '../../nginx/model.ts';
import { ownRequestHeaders } from '../../nginx/request-headers.ts';
import { toEnvoyFormat } from '../../nginx/variables.ts';
import type { Effect } from '../../plan/effect.ts';
import type { ConfigMap } from '../../read/cluster.ts';
import type { Context } from '../feature.ts';
import { variablesIn } from './variables.ts';

export const globalVariable = findingType<{ header: string; variable: string; map: string }>({
  code: 'headers/global-variable',
  severity: 'warning',
  fields: [],
  summary: "A header of the controller's ConfigMaps contains an nginx variable without counterpart.",
  message: ({ header, variable, map }) =>
    `${header} of the ConfigMap ${map} contains $${variable}, for which Envoy has no counterpart. The header isn't set.`,
  remedy: () => 'Write the header without the variable, or set it in the application.',
});

export const sentTwice = findingType<{ header: string; map: string }>({
  code: 'headers/sent-twice',
  severity: 'note',
  fields: [],
  summary: 'A header of proxy-set-headers is one that ingress-nginx sends itself.',
  message: ({ header, map }) =>
    `ingress-nginx sends ${header} itself and, because of the ConfigMap ${map}, a second time; the conversion keeps the first.`,
  remedy: () =>
    'Take the entry out, or use the annotation that is meant for it, such as upstream-vhost for Host.',
});

/**
 * `add-headers`, `proxy-set-headers` and `hide-headers` of the controller's ConfigMap act on every location; add-headers
 * on the answer of a denied one, too (scenarios global-add-headers*).
 */
export function globalHeaders(
  location: Location,
  context: Context,
): { readonly effects: readonly Effect[]; readonly findings: readonly Finding[] } {
  const { settings } = context;
  const effects: Effect[] = [];
  const findings: Finding[] = [];
  const added = mapOf('add-headers', context);
  if (added !== undefined) {
    const response = headersOf(added, location, context, 'response', findings);
    // The server has them already; only variables can differ from location to location.
    if ([...added.data.values()].some((value) => value.includes('$')))
      effects.push({ kind: 'response-headers', place: 'http', response });
  }
  if (location.denied !== undefined) return { effects, findings };
  const sent = mapOf('proxy-set-headers', context);
  if (sent !== undefined) {
    const request = headersOf(sent, location, context, 'request', findings);
    effects.push({ kind: 'forward', patch: { request } });
  }
  const hidden = (settings.global('hide-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (hidden.length > 0) effects.push({ kind: 'forward', patch: { response: { remove: hidden } } });
  return { effects, findings };
}

/** `add-headers` stands outside of all servers, so everything that nginx answers carries them (template/nginx.tmpl, `http`). */
export function headersOfServer(server: Server, context: Context): Effect[] {
  const added = mapOf('add-headers', context);
  const location = server.locations[0];
  if (added === undefined || location === undefined) return [];
  const response = headersOf(added, { ...location, denied: undefined }, context, 'response', []);
  return [{ kind: 'response-headers', place: 'http', response }];
}

/** `namespace/name` of a ConfigMap; the controller warns of one that is missing and goes on without it. */
function mapOf(key: string, { settings, cluster }: Context): ConfigMap | undefined {
  const reference = settings.global(key);
  return reference === undefined ? undefined : cluster.configMap(reference.trim());
}

/** An empty value takes the header away: `more_set_headers "X:"` clears it, `proxy_set_header X ""` does not send it. */
function headersOf(
  map: ConfigMap,
  location: Location,
  context: Context,
  use: 'request' | 'response',
  findings: Finding[],
): { readonly set: Record<string, string>; readonly remove?: readonly string[] } {
  const set: [string, string][] = [];
  const remove: string[] = [];
  const name = `${map.ref.namespace}/${map.ref.name}`;
  for (const [header, value] of map.data) {
    const at = { origin: originOf(map.source, 'data', header) };
    if (use === 'request' && ownRequestHeaders.has(header.toLowerCase())) {
      findings.push(finding(sentTwice, { header, map: name }, at));
      continue;
    }
    if (value === '') {
      remove.push(header.toLowerCase());
      continue;
    }
    const format = toEnvoyFormat(value, variablesIn(location, context, use));
    if (format.ok) set.push([header.toLowerCase(), format.value]);
    else {
      const fields = [`${use}-header:${header.toLowerCase()}` as const];
      const reported = finding(globalVariable, { header, variable: format.variable, map: name }, at);
      findings.push({ ...reported, type: { ...reported.type, fields }, scope: { kind: 'platform' } });
    }
  }
  return { set: Object.fromEntries(set), ...(remove.length > 0 && { remove: remove.sort() }) };
}
