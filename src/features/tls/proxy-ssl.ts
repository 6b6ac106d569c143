import { findingType } from '../../domain/findings.ts';
import { boringCiphers } from '../../istio-api/cipher-suites.ts';
import type { ClientTlsSettings } from '../../istio-api/types.ts';
import { memoize } from '../../memoize.ts';
import type { Location, ModelIngress, Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import type { FeatureResult } from '../../plan/result.ts';
import { claimAll, findingAt, findingOf, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { copyName, copyStep } from './tls.ts';

const names = [
  'proxy-ssl-secret',
  'proxy-ssl-verify',
  'proxy-ssl-verify-depth',
  'proxy-ssl-name',
  'proxy-ssl-server-name',
  'proxy-ssl-ciphers',
  'proxy-ssl-protocols',
];
const socketNames = ['proxy-ssl-verify-depth', 'proxy-ssl-ciphers', 'proxy-ssl-protocols'];

const withoutName = findingType<{ path: string }>({
  code: 'proxy-ssl/verify-without-name',
  severity: 'warning',
  fields: ['status'],
  summary: "The check of the backend's certificate always fails today.",
  message: ({ path }) =>
    `proxy-ssl-verify is on for ${path} without proxy-ssl-name, so nginx compares the certificate with its internal name "upstream_balancer" and returns 502 unless the certificate has that name. The conversion compares the same, and Envoy returns 503.`,
  remedy: () => 'Name the certificate of the backend with proxy-ssl-name.',
});

const twoSecrets = findingType<{ path: string }>({
  code: 'proxy-ssl/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'Client certificate and CA come from two Secrets, which Istio cannot combine.',
  message: ({ path }) =>
    `For the backend of ${path}, ingress-nginx uses the client certificate of one Secret and the CA of another, of the host's oldest Ingress. A DestinationRule has one Secret for both. The route returns 503 until you choose an option.`,
  remedy: () => 'Put certificate, key and CA into one Secret and name it in each Ingress of the host.',
});

const socketOptIn = findingType<{ names: readonly string[] }>({
  code: 'proxy-ssl/opt-in',
  severity: 'note',
  fields: [],
  summary: "TLS limits for the backend aren't converted.",
  message: (args) =>
    `${args.names.join(', ')}: a DestinationRule has no field for it, so Envoy's own limits apply to the backend.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow).',
});

const ciphersUnknown = findingType<{ value: string }>({
  code: 'proxy-ssl/ciphers',
  severity: 'warning',
  fields: [],
  summary: "A list of ciphers for the backend isn't converted.",
  message: ({ value }) =>
    `proxy-ssl-ciphers ${value} contains names that Envoy doesn't support, so Envoy's own list applies to the backend.`,
  remedy: () => 'List ciphers by their full OpenSSL names, of those that BoringSSL has.',
  url: 'https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/transport_sockets/tls/v3/common.proto',
});

/** What nginx does towards a TLS upstream of a location. */
interface ProxySsl {
  /** `namespace/name` of the Secret with the client certificate. */
  readonly certificate: string | undefined;
  /** `namespace/name` of the Secret with the CA, where the upstream's certificate is checked. */
  readonly ca: string | undefined;
  readonly name: string | undefined;
  readonly sendsName: boolean;
  /** Whose ciphers, protocols and depth hold; they need a CA. */
  readonly limits: ModelIngress | undefined;
}

/** TLS towards the upstreams of a location that speaks it; certificates are not verified unless proxy-ssl-verify says so. */
export function upstreamTls(location: Location, context: Context): ClientTlsSettings {
  const { certificate, ca, name, sendsName } = proxySslOf(location, context);
  const expected = name ?? 'upstream_balancer';
  const credential = certificate ?? ca;
  return {
    mode: certificate === undefined ? 'SIMPLE' : 'MUTUAL',
    ...(credential !== undefined && { credentialName: credentialOf(credential, context) }),
    ...(sendsName && { sni: expected }),
    ...(ca === undefined ? { insecureSkipVerify: true } : { subjectAltNames: [expected] }),
  };
}

/** The part of it that only an EnvoyFilter can say. */
export function upstreamTlsPatch(
  location: Location,
  context: Context,
): { readonly purpose: string; readonly value: object } | undefined {
  if (context.options.envoyFilters !== 'allow') return undefined;
  const { ca, limits } = proxySslOf(location, context);
  if (limits === undefined) return undefined;
  const versions = limits.annotations.get('proxy-ssl-protocols')?.value;
  const listed = Array.isArray(versions) && versions.length > 0 ? versions.map(String).sort() : undefined;
  const suites = ciphersOf(limits);
  const parameters = {
    ...(listed !== undefined && {
      tls_minimum_protocol_version: envoyVersion(listed[0]!),
      tls_maximum_protocol_version: envoyVersion(listed.at(-1)!),
    }),
    ...(Array.isArray(suites) && { cipher_suites: suites }),
  };
  const depth = limits.annotations.get('proxy-ssl-verify-depth')?.value;
  const context_ = {
    ...(Object.keys(parameters).length > 0 && { tls_params: parameters }),
    ...(ca !== undefined && {
      combined_validation_context: {
        default_validation_context: { max_verify_depth: typeof depth === 'number' && depth > 0 ? depth : 1 },
      },
    }),
  };
  if (Object.keys(context_).length === 0) return undefined;
  return {
    purpose: 'tls-limits',
    value: {
      transport_socket: {
        name: 'envoy.transport_sockets.tls',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
          common_tls_context: context_,
        },
      },
    },
  };
}

/** Whether the location speaks TLS to its upstream for some requests. */
export function speaksTls({ owner }: Location): boolean {
  const protocol = String(owner.annotations.get('backend-protocol')?.value ?? '').toUpperCase();
  return protocol === 'HTTPS' || protocol === 'GRPCS' || protocol === 'AUTO_HTTP';
}

/**
 * proxy-ssl-* (ingress-nginx 1.15.1, annotations/proxyssl/main.go; scenario proxy-ssl). `backend-protocol` writes the TLS
 * settings; here stand the Secrets, what is told and what closes.
 */
export const proxySsl: Feature = {
  name: 'proxy-ssl',
  findings: [withoutName, twoSecrets, socketOptIn, ciphersUnknown],
  location(location, context) {
    const { owner, backend, path } = location;
    if (backend.kind !== 'service' || !speaksTls(location))
      return idle(owner, names, 'It only applies to backends that use TLS.');
    const own = owner.annotations.has('proxy-ssl-secret');
    const { certificate, ca, name, limits } = proxySslOf(location, context);
    const inherited = idle(owner, names, "It's only read together with proxy-ssl-secret.");
    if (certificate === undefined && ca === undefined && !own) return inherited;
    if (certificate !== undefined && ca !== undefined && certificate !== ca)
      return {
        effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
        claims: own ? claimAll(owner, names, 'closed') : inherited.claims,
        findings: [findingAt(twoSecrets, { path }, location, 'proxy-ssl-secret')],
      };
    const secret = certificate ?? ca;
    const effects: Effect[] = secret === undefined ? [] : copyOf(secret, location, context);
    const unnamed = ca !== undefined && name === undefined;
    const reported = unnamed ? [findingAt(withoutName, { path }, location, 'proxy-ssl-verify')] : [];
    if (!own) return { effects, claims: inherited.claims, findings: reported };
    const { claims, findings } = limitsOf(owner, limits === owner, context);
    const main = names.filter((one) => !socketNames.includes(one));
    return {
      effects,
      claims: [...claimAll(owner, main, 'converted'), ...claims],
      findings: [...reported, ...findings],
    };
  },
};

function limitsOf(
  owner: ModelIngress,
  hold: boolean,
  { options }: Context,
): Pick<FeatureResult, 'claims' | 'findings'> {
  if (!hold)
    return {
      claims: claimAll(owner, socketNames, 'no-effect-today', { reason: 'The Secret has no CA.' }),
      findings: [],
    };
  const written = socketNames.filter((name) => owner.annotations.has(name));
  if (options.envoyFilters !== 'allow')
    return {
      claims: claimAll(owner, socketNames, 'opt-in', { reason: 'It needs an EnvoyFilter.' }),
      findings: written.length === 0 ? [] : [findingOf(socketOptIn, { names: written }, owner, written[0]!)],
    };
  const unknown = ciphersOf(owner) === 'unknown';
  const value = String(owner.annotations.get('proxy-ssl-ciphers')?.value ?? '');
  return {
    claims: [
      ...claimAll(owner, ['proxy-ssl-verify-depth', 'proxy-ssl-protocols'], 'converted', {
        fidelity: 'equivalent',
      }),
      ...claimAll(owner, ['proxy-ssl-ciphers'], unknown ? 'manual' : 'converted', { fidelity: 'equivalent' }),
    ],
    findings: unknown ? [findingOf(ciphersUnknown, { value }, owner, 'proxy-ssl-ciphers')] : [],
  };
}

/** The server block takes the first Ingress of the host with a CA; a location's own directives come before it (template/nginx.tmpl). */
function proxySslOf({ owner, server }: Location, context: Context): ProxySsl {
  const own = partOf(owner, context);
  const locationOnly = context.settings.global('proxy-ssl-location-only')?.trim() === 'true';
  const { requested, part } = partOfServer(server, context);
  if (own === undefined && (locationOnly || !requested))
    return { certificate: undefined, ca: undefined, name: undefined, sendsName: false, limits: undefined };
  const host = locationOnly ? undefined : part;
  const checking = own?.ca ? own : host?.ca ? host : undefined;
  const hostName = host?.ca ? host.name : undefined;
  return {
    certificate: own?.certificate ? own.secret : host?.certificate ? host.secret : undefined,
    ca: checking?.verify ? checking.secret : undefined,
    name: own?.name ?? hostName,
    sendsName: own === undefined ? hostName !== undefined && host?.sendsName === true : own.sendsName,
    limits: checking?.owner,
  };
}

/** What the server block has; `asked` where any Ingress of the host names a Secret. */
const partOfServer = memoize(({ ingresses }: Server, context: Context) => {
  const requested = ingresses.some(({ annotations }) => annotations.has('proxy-ssl-secret'));
  const shared = ingresses.find((ingress) => partOf(ingress, context)?.ca === true) ?? ingresses.at(-1);
  return { requested, part: shared === undefined ? undefined : partOf(shared, context) };
});

interface Part {
  readonly owner: ModelIngress;
  readonly secret: string;
  readonly certificate: boolean;
  readonly ca: boolean;
  readonly verify: boolean;
  readonly name: string | undefined;
  readonly sendsName: boolean;
}

/** What one Ingress says; nothing of it is read without proxy-ssl-secret. */
function partOf(owner: ModelIngress, { cluster }: Context): Part | undefined {
  const secret = owner.annotations.get('proxy-ssl-secret')?.value;
  if (typeof secret !== 'string') return undefined;
  const keys = cluster.secret(secret)?.keys;
  const name = owner.annotations.get('proxy-ssl-name')?.value;
  return {
    owner,
    secret,
    // Where the keys of the Secret are not known, it is taken to have all three.
    certificate: keys === undefined || (keys.includes('tls.crt') && keys.includes('tls.key')),
    ca: keys === undefined || keys.includes('ca.crt'),
    verify: owner.annotations.get('proxy-ssl-verify')?.value === 'on',
    name: typeof name === 'string' && name !== '' ? name : undefined,
    sendsName: owner.annotations.get('proxy-ssl-server-name')?.value === 'on',
  };
}

function split(secret: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = secret.split('/');
  return { namespace, name };
}

function credentialOf(secret: string, { options }: Context): string {
  const { namespace, name } = split(secret);
  return namespace === options.gateway.namespace ? name : copyName(namespace, name);
}

function copyOf(secret: string, location: Location, { options }: Context): Effect[] {
  const { namespace, name } = split(secret);
  if (namespace === options.gateway.namespace) return [];
  const step = copyStep(
    { namespace, name, tls: undefined },
    copyName(namespace, name),
    location.server,
    options,
  );
  const origin = location.owner.annotations.get('proxy-ssl-secret')?.origin ?? location.origin;
  return [{ kind: 'step', step: { ...step, origins: [origin] } }];
}

function envoyVersion(version: string): string {
  return version === 'TLSv1.3' ? 'TLSv1_3' : 'TLSv1_2';
}

function ciphersOf({ annotations }: ModelIngress): readonly string[] | 'default' | 'unknown' {
  const value = annotations.get('proxy-ssl-ciphers')?.value;
  if (typeof value !== 'string' || value === 'DEFAULT') return 'default';
  const listed = value.split(':').filter((name) => name !== '');
  return listed.length > 0 && listed.every((name) => boringCiphers.has(name)) ? listed : 'unknown';
}
