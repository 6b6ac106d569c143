import type { KnownAnnotation } from '../../../decode/annotation.ts';
import { inside, type Origin } from '../../../domain/origin.ts';
import { isAuthUrl } from '../../../nginx/denials.ts';
import type { Location, ModelIngress } from '../../../nginx/model.ts';
import type { Context } from '../../feature.ts';
import { isSparedFromAuth } from '../no-auth-locations.ts';

/** The question that nginx asks an auth service before each request; texts may hold nginx variables. */
export interface AuthCheck {
  /** Whose settings count: the Ingress's annotations, or the controller's ConfigMap. */
  readonly by: 'annotation' | 'global';
  readonly origin: Origin | undefined;
  readonly url: string;
  /** In place of GET. */
  readonly method: string | undefined;
  /** The page to which a 401 is sent, with the parameter that carries the address. */
  readonly signIn: string | undefined;
  readonly snippet: AuthSnippet | undefined;
  /** nginx keeps the answers for a while. */
  readonly cached: boolean;
  /** Headers of the answer that replace the client's towards the upstream. */
  readonly responseHeaders: readonly string[];
  /** More headers of the question, by name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The value of X-Auth-Request-Redirect. */
  readonly requestRedirect: string;
  /** Cookies of the answer go to the client with every status, and not with success and redirects alone. */
  readonly alwaysSetCookie: boolean;
}

export interface AuthSnippet {
  readonly text: string;
  readonly origin: Origin;
  readonly annotation: KnownAnnotation | undefined;
}

/** Values that nginx cannot read switch the whole check off (ingress-nginx 1.15.1, annotations/authreq/main.go Parse). */
const switchOff = ['auth-cache-duration', 'auth-request-redirect', 'auth-always-set-cookie'];

/** The annotation because of whose value nginx leaves `auth-url` out today. */
export function switchedOffBy(owner: ModelIngress): KnownAnnotation | undefined {
  if (!owner.annotations.has('auth-url')) return undefined;
  return owner.refused.find(({ mapping }) => switchOff.includes(mapping.name));
}

/**
 * The check of a location; undefined where there is none. An `auth-url` that nginx leaves out because of a bad value counts
 * here all the same: it was meant to protect.
 */
export function authCheckOf(location: Location, context: Context): AuthCheck | undefined {
  const { owner } = location;
  if (owner.annotations.has('auth-url'))
    return isSparedFromAuth(location, context.settings) ? undefined : annotatedCheck(owner, context);
  return isGloballyAuthenticated(location, context) && !isSparedFromAuth(location, context.settings)
    ? globalCheck(context)
    : undefined;
}

function annotatedCheck(owner: ModelIngress, { cluster }: Context): AuthCheck {
  const text = (name: string): string | undefined => {
    const value = owner.annotations.get(name)?.value;
    return value === undefined || value === '' ? undefined : String(value).replace(/\s+/g, '');
  };
  const snippet = owner.annotations.get('auth-snippet');
  const map = cluster.configMap(String(owner.annotations.get('auth-proxy-set-headers')?.value ?? ''));
  const headers = owner.annotations.get('auth-response-headers')?.value;
  return {
    by: 'annotation',
    origin: owner.annotations.get('auth-url')?.origin,
    url: text('auth-url') ?? '',
    method: text('auth-method'),
    signIn: withRedirectParam(text('auth-signin'), text('auth-signin-redirect-param')),
    snippet: snippet && { text: snippet.raw, origin: snippet.origin, annotation: snippet },
    cached: text('auth-cache-key') !== undefined,
    responseHeaders: Array.isArray(headers) ? headers : [],
    headers: map?.data ?? new Map(),
    requestRedirect: text('auth-request-redirect') ?? '$request_uri',
    alwaysSetCookie: owner.annotations.get('auth-always-set-cookie')?.value === true,
  };
}

/** `global-auth-url` acts where no auth-url does, unless the Ingress opts out (template/template.go shouldApplyGlobalAuth). */
function isGloballyAuthenticated({ owner }: Location, { settings }: Context): boolean {
  const url = settings.global('global-auth-url');
  return (
    url !== undefined && isAuthUrl(url.trim()) && owner.annotations.get('enable-global-auth')?.value !== false
  );
}

/** ingress-nginx 1.15.1, controller/template/configmap.go ReadConfig: what is not valid there is left out. */
function globalCheck({ settings, model }: Context): AuthCheck {
  const text = (key: string): string | undefined => settings.global(key)?.trim();
  const origin = model.controller.configOrigin;
  const method = text('global-auth-method');
  const signIn = text('global-auth-signin');
  const snippet = settings.global('global-auth-snippet');
  const headers = (text('global-auth-response-headers') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => /^[a-zA-Z\d\-_]+$/.test(name));
  return {
    by: 'global',
    origin: origin && inside(origin, 'global-auth-url'),
    url: text('global-auth-url') ?? '',
    method: method !== undefined && methods.includes(method) ? method : undefined,
    signIn: withRedirectParam(
      signIn !== undefined && isAuthUrl(signIn) ? signIn : undefined,
      text('global-auth-signin-redirect-param'),
    ),
    snippet:
      snippet !== undefined && origin !== undefined
        ? { text: snippet, origin: inside(origin, 'global-auth-snippet'), annotation: undefined }
        : undefined,
    cached: text('global-auth-cache-key') !== undefined,
    responseHeaders: headers,
    headers: new Map(),
    requestRedirect: text('global-auth-request-redirect') ?? '$request_uri',
    alwaysSetCookie: text('global-auth-always-set-cookie') === 'true',
  };
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

/** The parameter is appended unless the URL has it (ingress-nginx 1.15.1, template/template.go buildAuthSignURL). */
function withRedirectParam(url: string | undefined, param = 'rd'): string | undefined {
  if (url === undefined) return undefined;
  const address = '$pass_access_scheme://$http_host$escaped_request_uri';
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  if (query === '') return `${url}?${param}=${address}`;
  const has = query.split('&').some((pair) => {
    const [name, value] = pair.split('=', 2);
    return name === param && value !== undefined && value !== '';
  });
  return has ? url : `${url}&${param}=${address}`;
}
