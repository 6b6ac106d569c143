import type { Directive } from '../../nginx/directives/parse.ts';
import type { Scope } from './scope.ts';

/**
 * Directives that every location of ingress-nginx 1.15.1 has already (template/nginx.tmpl) and that nginx takes once: a
 * second one in a snippet makes nginx refuse its configuration ("directive is duplicate", seen on nginx 1.22), and one in
 * the server is overruled by that of the location.
 */
export const ownOfLocations: ReadonlySet<string> = new Set([
  'client_max_body_size',
  'port_in_redirect',
  'proxy_buffer_size',
  'proxy_buffering',
  'proxy_buffers',
  'proxy_connect_timeout',
  'proxy_cookie_domain',
  'proxy_cookie_path',
  'proxy_http_version',
  'proxy_max_temp_file_size',
  'proxy_next_upstream_timeout',
  'proxy_next_upstream_tries',
  'proxy_pass',
  'proxy_read_timeout',
  'proxy_redirect',
  'proxy_request_buffering',
  'proxy_send_timeout',
]);

/** Directives that nginx takes in the server or further outside alone. */
export const notInLocations: ReadonlySet<string> = new Set([
  'client_header_buffer_size',
  'client_header_timeout',
  'http2',
  'ignore_invalid_headers',
  'large_client_header_buffers',
  'listen',
  'merge_slashes',
  'server_name',
  'ssl_certificate',
  'ssl_certificate_key',
  'ssl_ciphers',
  'ssl_client_certificate',
  'ssl_prefer_server_ciphers',
  'ssl_protocols',
  'ssl_session_cache',
  'ssl_session_timeout',
  'ssl_verify_client',
  'underscores_in_headers',
]);

/** Directives of the http block: refused in servers and locations. */
export const onlyInHttp: ReadonlySet<string> = new Set([
  'geo',
  'limit_conn_zone',
  'limit_req_zone',
  'log_format',
  'lua_package_path',
  'lua_shared_dict',
  'map',
  'proxy_cache_path',
  'server',
  'split_clients',
  'upstream',
]);

/** The only directives that nginx takes in an `if` of the server. */
const inServerIf: ReadonlySet<string> = new Set(['break', 'return', 'rewrite', 'set']);

/** Directives that nginx does not take in an `if` of a location; those of headers and compression it does. */
const notInIf: ReadonlySet<string> = new Set([
  ...ownOfLocations,
  'allow',
  'auth_basic',
  'auth_request',
  'deny',
  'if',
  'internal',
  'limit_except',
  'location',
  'proxy_hide_header',
  'proxy_pass_header',
  'proxy_set_header',
  'satisfy',
]);

/** Why nginx does not take a directive at its place; undefined where it does. */
export function refusal({ name }: Directive, scope: Scope): string | undefined {
  if (onlyInHttp.has(name)) return "it's only allowed in the http block";
  if (scope.place !== 'server' && notInLocations.has(name))
    return "it's only allowed in the server, not in a location";
  if (scope.place === 'server' && (name === 'limit_except' || name === 'internal'))
    return "it's only allowed in a location";
  if (scope.inIf) {
    const allowed =
      scope.place === 'server'
        ? inServerIf.has(name)
        : !notInIf.has(name) || (name === 'proxy_pass' && scope.place === 'own-location');
    return allowed ? undefined : 'it isn\'t allowed in an "if"';
  }
  if (scope.place === 'location' && ownOfLocations.has(name))
    return 'every location of ingress-nginx has the directive already, and nginx does not take it twice';
  return undefined;
}
