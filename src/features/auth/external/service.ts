import { suffixOf } from '../../../domain/options.ts';
import { objectName } from '../../../istio-api/names.ts';
import { serviceHost } from '../../../istio-api/service-host.ts';
import type { Location, Server } from '../../../nginx/model.ts';
import type { Effect, ExternalHost } from '../../../plan/effect.ts';
import type { Service } from '../../../read/cluster.ts';
import type { Context } from '../../feature.ts';
import { redirectsToHttps } from '../../routing/ssl-redirect.ts';
import type { AuthCheck } from './check.ts';

/** Whom the question goes to. */
export interface AuthService {
  /** As Istio names the host. */
  readonly host: string;
  readonly port: number;
  readonly subset: string | undefined;
  /** The Host header of the question; may hold nginx variables. */
  readonly hostHeader: string;
  /** Path and query of the question; may hold nginx variables. */
  readonly path: string;
  /** What has to exist so that the gateway knows the service. */
  readonly effects: readonly Effect[];
  /** Why nginx cannot reach it today, as far as the input tells. */
  readonly missing: string | undefined;
  /** Spoken to over TLS with a certificate that nobody verifies, as in nginx. */
  readonly unverified: boolean;
}

export type AuthServiceResult =
  | { readonly ok: true; readonly service: AuthService }
  | { readonly ok: false; readonly reason: string };

/** Finds who answers an auth URL: a Service of the cluster, a location of the same controller, or a host outside. */
export function authServiceOf({ url }: AuthCheck, location: Location, context: Context): AuthServiceResult {
  const parts = /^(https?):\/\/([^/?#]+)([^#]*)/i.exec(url);
  if (parts === null) return { ok: false, reason: 'its URL is of no scheme that HTTP knows' };
  const secure = parts[1]!.toLowerCase() === 'https';
  const [, hostWords = '', portText] = /^(.*?)(?::(\d+))?$/.exec(parts[2]!) ?? [];
  const port = portText === undefined ? (secure ? 443 : 80) : Number(portText);
  const path = pathOf(parts[3]!, location);
  const own = /^\$(?:\{)?(?:host|http_host|best_http_host|server_name)\}?$/.test(hostWords);
  if (!own && hostWords.includes('$'))
    return { ok: false, reason: `nobody can tell which host ${hostWords} is` };
  const host = own ? location.server.host : hostWords.toLowerCase().replace(/\.$/, '');
  const server = own ? location.server : context.servers.get(host);
  const requested = { port, hostHeader: hostWords, path, secure };
  const service = own ? undefined : serviceNamed(host, context);
  if (service !== undefined) return inCluster(service, requested, context);
  if (own) return throughController(location.server, requested, context);
  const inside =
    server === undefined || host === '' ? undefined : throughController(server, requested, context);
  // As nginx does, by way of the DNS, where the Service behind it cannot be asked in its stead.
  return inside?.ok ? inside : outside(host, requested, context);
}

interface Requested {
  readonly port: number;
  readonly hostHeader: string;
  readonly path: string;
  readonly secure: boolean;
}

/**
 * nginx hands on the path of its internal location where the URL has none (http/ngx_http_proxy_module.c
 * ngx_http_proxy_create_request; ingress-nginx 1.15.1, template/template.go buildAuthLocation).
 */
function pathOf(rest: string, { path, rule }: Location): string {
  if (rest.startsWith('/')) return rest;
  if (rest.startsWith('?')) return `/${rest}`;
  const type = rule === undefined ? 'Prefix' : (rule.pathType ?? 'default');
  return `/_external-auth-${Buffer.from(path).toString('base64url')}-${type}`;
}

interface Named {
  readonly name: string;
  readonly namespace: string;
  readonly service: Service | undefined;
}

/** `name.namespace.svc` with or without the cluster's domain. */
function serviceNamed(host: string, { cluster, options }: Context): Named | undefined {
  const suffix = `.${options.clusterDomain}`;
  const short = host.endsWith(suffix) ? host.slice(0, -suffix.length) : host;
  const [, name, namespace] = /^([a-z0-9-]+)\.([a-z0-9-]+)\.svc$/.exec(short) ?? [];
  if (name === undefined || namespace === undefined) return undefined;
  return { name, namespace, service: cluster.service(`${namespace}/${name}`) };
}

function inCluster(
  { name, namespace, service }: Named,
  requested: Requested,
  context: Context,
): AuthServiceResult {
  if (service?.type === 'ExternalName' && service.externalName !== undefined)
    return outside(service.externalName.toLowerCase().replace(/\.$/, ''), requested, context);
  const host = serviceHost({ namespace, name }, context.options);
  const port = portOf(service, requested.port);
  const missing =
    service === undefined
      ? `the Service ${namespace}/${name} is not in the input`
      : port === undefined
        ? `the Service ${namespace}/${name} has no port ${requested.port}`
        : undefined;
  const subset = ['auth-https', ...suffixOf(context.options)].join('-');
  return {
    ok: true,
    service: {
      host,
      port: port ?? requested.port,
      subset: requested.secure ? subset : undefined,
      hostHeader: requested.hostHeader,
      path: requested.path,
      effects: requested.secure ? [tlsRule(name, namespace, host, subset, context)] : [],
      missing,
      unverified: requested.secure,
    },
  };
}

/** A headless Service is its pods: nginx reaches every port of theirs. */
function portOf(service: Service | undefined, port: number): number | undefined {
  if (service === undefined) return port;
  if (service.ports.some((one) => one.port === port)) return port;
  return service.headless ? service.ports.find(({ targetPort }) => targetPort === port)?.port : undefined;
}

function tlsRule(
  name: string,
  namespace: string,
  host: string,
  subset: string,
  { options }: Context,
): Effect {
  return {
    kind: 'object',
    object: {
      apiVersion: `networking.istio.io/${options.apiVersion}`,
      kind: 'DestinationRule',
      metadata: { name: objectName(`${name}-auth-https`, ...suffixOf(options)), namespace },
      spec: {
        host,
        subsets: [
          { name: subset, trafficPolicy: { tls: { mode: 'SIMPLE', sni: host, insecureSkipVerify: true } } },
        ],
      },
    },
  };
}

/** The URL leads back to the controller, as in `https://$host/oauth2/auth`: the Service behind it is asked directly. */
function throughController(server: Server, requested: Requested, context: Context): AuthServiceResult {
  const path = requested.path.replace(/\?.*$/s, '');
  if (path.includes('$')) return { ok: false, reason: 'the path of its URL contains an nginx variable' };
  const target = server.regex ? undefined : locationAt(server, path);
  const refuse = (reason: string): AuthServiceResult => ({
    ok: false,
    reason: `its URL leads back to the controller (${requested.hostHeader}${path}), ${reason}`,
  });
  if (target === undefined) return refuse('where no location with a plain path answers it');
  const { owner, backend } = target;
  if (backend.kind !== 'service' || target.denied !== undefined) return refuse('where nothing answers it');
  if (owner.annotations.has('rewrite-target')) return refuse('where its path is rewritten');
  if (owner.annotations.has('auth-url') || owner.annotations.has('auth-type'))
    return refuse('where the question itself has to be authenticated');
  if (!['HTTP', undefined].includes(owner.annotations.get('backend-protocol')?.raw.trim().toUpperCase()))
    return refuse('behind which there is no plain HTTP');
  if (!requested.secure && redirectsToHttps(target, context))
    return refuse('which redirects it to HTTPS, so ingress-nginx returns 500 today');
  const { service, port } = backend;
  if (service.type === 'ExternalName') return refuse('behind which there is a host outside the cluster');
  return {
    ok: true,
    service: {
      host: serviceHost(service.ref, context.options),
      port: port.port,
      subset: undefined,
      hostHeader: requested.hostHeader,
      path: requested.path,
      effects: [],
      missing: undefined,
      unverified: false,
    },
  };
}

function locationAt({ locations }: Server, path: string): Location | undefined {
  return (
    locations.find(({ matches }) => matches.some((match) => match.kind === 'exact' && match.path === path)) ??
    locations.find(({ matches }) =>
      matches.some((match) => match.kind === 'prefix' && path.startsWith(match.path)),
    )
  );
}

/** nginx asks the DNS for the name and verifies no certificate (proxy_ssl_verify is off by default). */
function outside(host: string, requested: Requested, { options }: Context): AuthServiceResult {
  const unknown =
    !host.includes('.') || host.endsWith('.svc') || host.endsWith(`.svc.${options.clusterDomain}`);
  const external: ExternalHost = {
    name: host,
    port: requested.port,
    namespace: options.gateway.namespace,
    tls: requested.secure ? { mode: 'SIMPLE', sni: host, insecureSkipVerify: true } : undefined,
  };
  return {
    ok: true,
    service: {
      host,
      port: requested.port,
      subset: requested.secure ? ['https', ...suffixOf(options)].join('-') : undefined,
      hostHeader: requested.hostHeader,
      path: requested.path,
      effects: unknown ? [] : [{ kind: 'external', host: external }],
      missing: unknown ? `no DNS server knows the name ${host}` : undefined,
      unverified: requested.secure && !unknown,
    },
  };
}
