import { findingType } from '../findings.ts';
import type { HeaderOperations } from '../istio/types.ts';
import type { Location } from '../nginx/model.ts';
import { claimAll, findingAt } from './claims.ts';
import type { Effect, FeatureResult } from './effect.ts';
import type { Context, Feature } from './feature.ts';
import { literal } from './format.ts';

const hostVariable = findingType<{ value: string }>({
  code: 'headers/upstream-vhost-variable',
  severity: 'warning',
  fields: ['host'],
  summary: 'upstream-vhost holds an nginx variable.',
  message: ({ value }) =>
    `upstream-vhost is ${value}, which holds an nginx variable; the upstream keeps getting the client's Host.`,
  remedy: () => 'Write the host name that is meant.',
});

/** Request and response headers: custom-headers, upstream-vhost, HSTS, the global header ConfigMaps, nginx's forwarded headers. */
export const headers: Feature = {
  name: 'headers',
  findings: [hostVariable],
  location(location, context) {
    const results = [
      customHeaders(location, context),
      upstreamVhost(location),
      { ...none, effects: strictTransportSecurity(context) },
      { ...none, effects: globalHeaders(context) },
      { ...none, effects: forwardedHeaders(context) },
    ];
    return {
      effects: results.flatMap(({ effects }) => effects),
      claims: results.flatMap(({ claims }) => claims),
      findings: results.flatMap(({ findings }) => findings),
    };
  },
};

const none: FeatureResult = { effects: [], claims: [], findings: [] };

/** `more_set_headers` of a ConfigMap's entries; what is wrong with them denies the location (nginx/denials.ts). */
function customHeaders({ owner }: Location, { cluster }: Context): FeatureResult {
  const reference = owner.annotations.get('custom-headers');
  if (reference === undefined) return none;
  const map = cluster.configMap(String(reference.value));
  if (map === undefined) return { ...none, claims: claimAll(owner, ['custom-headers'], 'invalid') };
  const set = Object.fromEntries([...map.data].map(([name, value]) => [name.toLowerCase(), literal(value)]));
  return {
    effects: [{ kind: 'response-headers', response: { set } }],
    claims: claimAll(owner, ['custom-headers'], 'converted'),
    findings: [],
  };
}

function upstreamVhost(location: Location): FeatureResult {
  const { owner } = location;
  const host = owner.annotations.get('upstream-vhost')?.value;
  if (typeof host !== 'string') return none;
  if (host.includes('$')) {
    return {
      effects: [],
      claims: claimAll(owner, ['upstream-vhost'], 'manual'),
      findings: [findingAt(hostVariable, { value: host }, location, 'upstream-vhost')],
    };
  }
  return {
    effects: [{ kind: 'forward', patch: { rewrite: { authority: host } } }],
    claims: claimAll(owner, ['upstream-vhost'], 'converted'),
    findings: [],
  };
}

/** On every HTTPS answer of a location, in place of the application's own (lua/lua_ingress.lua header). */
function strictTransportSecurity({ settings }: Context): Effect[] {
  if (settings.global('hsts')?.trim() === 'false') return [];
  const age = settings.global('hsts-max-age')?.trim() ?? '31536000';
  const subdomains =
    settings.global('hsts-include-subdomains')?.trim() === 'false' ? '' : '; includeSubDomains';
  const preload = settings.global('hsts-preload')?.trim() === 'true' ? '; preload' : '';
  const set = { 'strict-transport-security': `max-age=${age}${subdomains}${preload}` };
  return [{ kind: 'response-headers', variant: 'secure', when: { tls: true }, response: { set } }];
}

/** `add-headers`, `proxy-set-headers` and `hide-headers` of the controller's ConfigMap act on every location. */
function globalHeaders({ settings, cluster }: Context): Effect[] {
  const effects: Effect[] = [];
  const added = entries(settings.global('add-headers'), cluster);
  if (added !== undefined) effects.push({ kind: 'response-headers', response: { set: added } });
  const request = entries(settings.global('proxy-set-headers'), cluster);
  if (request !== undefined) effects.push({ kind: 'forward', patch: { request: { set: request } } });
  const hidden = (settings.global('hide-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  if (hidden.length > 0) effects.push({ kind: 'forward', patch: { response: { remove: hidden } } });
  return effects;
}

/** A ConfigMap's entries as headers; values with nginx variables are left to a person. */
function entries(
  reference: string | undefined,
  cluster: Context['cluster'],
): HeaderOperations['set'] | undefined {
  const map = reference === undefined ? undefined : cluster.configMap(reference.trim());
  if (map === undefined) return undefined;
  const plain = [...map.data].filter(([, value]) => !value.includes('$') && value !== '');
  return plain.length === 0
    ? undefined
    : Object.fromEntries(plain.map(([name, value]) => [name.toLowerCase(), literal(value)]));
}

/**
 * What nginx tells the upstream of the client (template/nginx.tmpl, the location's proxy_set_header lines): set, so that
 * nothing of the client's own gets through.
 */
function forwardedHeaders({ options, settings }: Context): Effect[] {
  if (!options.forwardedHeaders || settings.global('use-forwarded-headers')?.trim() === 'true') return [];
  const client = '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%';
  const scheme = '%REQ(X-FORWARDED-PROTO)%';
  const set = {
    'x-real-ip': client,
    'x-forwarded-for': client,
    'x-forwarded-host': '%REQ(:AUTHORITY)%',
    'x-forwarded-port': String(options.gateway.httpPort),
    'x-forwarded-scheme': scheme,
    'x-scheme': scheme,
  };
  return [
    { kind: 'forward', patch: { request: { set } } },
    {
      kind: 'forward',
      variant: 'secure',
      when: { tls: true },
      patch: { request: { set: { 'x-forwarded-port': String(options.gateway.httpsPort) } } },
    },
  ];
}
