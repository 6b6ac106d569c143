import type { Destination } from '../../istio-api/types.ts';
import { luaString } from '../../plan/lua.ts';

/** The path of copies: a text, behind which path and query of the request follow, or only its query. */
export interface MirrorPath {
  readonly head: string;
  readonly tail: boolean;
}

export interface MirrorCopy {
  readonly destination: Destination;
  /** What copies say in Host. */
  readonly host: string;
  readonly path: MirrorPath;
  readonly withoutBody: boolean;
}

/** What Envoy holds of a body by default. */
const longestBody = 1024 * 1024;

/**
 * The Lua that copies a request as nginx's mirror module does: as the client sent it, with the path and Host of the target, once
 * access is granted, and also where the gateway answers by itself (ngx_http_mirror_module, precontent phase; ingress-nginx
 * 1.15.1, template/template.go buildMirrorLocations).
 */
export function mirrorScript({ destination, host, path, withoutBody }: MirrorCopy): string {
  const cluster = `outbound|${destination.port?.number ?? ''}|${destination.subset ?? ''}|${destination.host}`;
  const copied = [
    '  local length = tonumber(headers[":length"])',
    `  local body = length and length > 0 and length <= ${longestBody} and handle:body()`,
    '  local text = body and body:getBytes(0, body:length()) or ""',
  ];
  return [
    'local hop = { connection = true, ["keep-alive"] = true, ["transfer-encoding"] = true, te = true, upgrade = true, ["content-length"] = true }',
    'function envoy_on_request(handle)',
    '  local headers = {}',
    '  for name, value in pairs(handle:headers()) do',
    '    if name == "content-length" then headers[":length"] = value end',
    '    if not hop[name] and name ~= ":scheme" and name:sub(1, 8) ~= "x-envoy-" then headers[name] = value end',
    '  end',
    '  local known = handle:streamInfo():dynamicMetadata():get("ingress2istio.sent-path")',
    '  local sent = known and known["path"] or headers[":path"]',
    ...(withoutBody ? ['  local text = ""'] : copied),
    '  headers[":length"] = nil',
    `  headers[":authority"] = ${luaString(host)}`,
    `  headers[":path"] = ${luaString(path.head)} .. ${path.tail ? 'sent' : '(sent:match("%?.*$") or "")'}`,
    `  handle:httpCall(${luaString(cluster)}, headers, text, { ["timeout_ms"] = 60000, ["asynchronous"] = true, ["send_xff"] = false })`,
    'end',
    '',
  ].join('\n');
}
