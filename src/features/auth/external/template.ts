import type { Location } from '../../../nginx/model.ts';
import { piecesOf } from '../../../nginx/variables.ts';

/** Variables that the filter can tell (auth-external/lua.ts). */
const supported = new Set([
  'args',
  'best_http_host',
  'document_uri',
  'escaped_request_uri',
  'host',
  'http_host',
  'is_args',
  'pass_access_scheme',
  'pass_port',
  'pass_server_port',
  'proxy_add_x_forwarded_for',
  'query_string',
  'remote_addr',
  'req_id',
  'request_id',
  'request_method',
  'request_uri',
  'scheme',
  'server_port',
  'the_real_ip',
  'uri',
]);

export type Template =
  /** With every variable written `${name}`. */
  { readonly ok: true; readonly words: string } | { readonly ok: false; readonly variable: string };

/** nginx's words for the filter: constants put in, the other variables in one spelling. */
export function toTemplate(text: string, constants: ReadonlyMap<string, string>): Template {
  let words = '';
  for (const piece of piecesOf(text)) {
    if ('literal' in piece) {
      words += piece.literal;
      continue;
    }
    const { variable } = piece;
    const constant = constants.get(variable);
    if (constant !== undefined) words += constant;
    else if (supported.has(variable) || /^(?:http|arg|cookie)_\w+$/.test(variable))
      words += `\${${variable}}`;
    else return { ok: false, variable };
  }
  return { ok: true, words };
}

/** Variables with one value in a location (ingress-nginx 1.15.1, template/nginx.tmpl). */
export function constantsOf({ owner, server, backend, path }: Location): Map<string, string> {
  const { namespace, name } = owner.ingress.ref;
  const constants = new Map([
    ['namespace', namespace],
    ['ingress_name', name],
    ['location_path', path],
    ['server_name', server.host === '' ? '_' : server.host],
  ]);
  if (backend.kind === 'service') {
    constants.set('service_name', backend.service.ref.name);
    constants.set('service_port', String(backend.port.port));
  }
  return constants;
}
