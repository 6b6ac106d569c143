import { luaString } from '../../plan/lua.ts';
import { contextLines, keepRequest } from './error-pages-script.ts';

export interface Fallback {
  /** Envoy's name of the Service that answers while the real one has no ready pod. */
  readonly cluster: string;
  /** What it learns of the location. */
  readonly headers: Readonly<Record<string, string>>;
  /** Send what nginx sends to every upstream. */
  readonly forwardedHeaders: boolean;
  /** nginx takes the password away. */
  readonly withoutPassword: boolean;
  /** Seconds that the Service has for its answer, and how often it is asked. */
  readonly timeout: number;
  readonly tries: number;
}

const purpose = 'ingress.default-backend';

/**
 * The Lua that asks another Service where Envoy has no healthy upstream, for all of the location: its own headers stay, and
 * what it makes of an upstream's answer follows (ingress-nginx 1.15.1, controller/controller.go getBackendServers,
 * `custom-default-backend-`; scenario no-endpoints).
 */
export function fallbackScript({
  cluster,
  headers,
  forwardedHeaders,
  withoutPassword,
  timeout,
  tries,
}: Fallback): string {
  const entity =
    '"content-type", "content-length", "content-encoding", "content-language", "content-range", "accept-ranges", "etag", "last-modified"';
  return [
    `local entity = { ${entity} }`,
    'local once = { POST = true, LOCK = true, PATCH = true }',
    ...keepRequest(purpose),
    'local function ask(handle, request)',
    '  local headers = copied(request)',
    '  headers["x-code"] = "503"',
    ...contextLines(headers),
    '  local sent = handle:streamInfo():dynamicMetadata():get("ingress2istio.sent-path")',
    '  if sent then headers[":path"] = sent["path"] end',
    ...(withoutPassword ? ['  headers["authorization"] = nil'] : []),
    ...(forwardedHeaders
      ? [
          '  headers["x-original-forwarded-host"] = request["x-forwarded-host"]',
          '  headers["x-real-ip"] = request["x-forwarded-for"]',
          '  headers["x-forwarded-host"] = request[":authority"]',
          '  headers["x-forwarded-port"] = request[":scheme"] == "https" and "443" or "80"',
          '  headers["x-forwarded-scheme"] = request[":scheme"]',
          '  headers["x-scheme"] = request[":scheme"]',
        ]
      : []),
    '  local answer, body',
    `  for _ = 1, once[request[":method"]] and 1 or ${tries} do`,
    `    answer, body = handle:httpCall(${luaString(cluster)}, headers, "", { ["timeout_ms"] = ${timeout * 1000}, ["send_xff"] = false })`,
    '    if answer[":status"] ~= "504" or answer["x-envoy-upstream-service-time"] then break end',
    '  end',
    '  return answer, body',
    'end',
    '',
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  if headers:get(":status") ~= "503" or headers:get("content-length") ~= "19" then return end',
    '  if headers:get("x-envoy-upstream-service-time") ~= nil then return end',
    `  local known = handle:streamInfo():dynamicMetadata():get("${purpose}")`,
    '  local request = known and known["request"]',
    '  if request == nil then return end',
    '  local page = handle:body(true)',
    '  local text = page:length() == 19 and page:getBytes(0, 19)',
    '  if text and text ~= "no healthy upstream" then return end',
    '  local answer, body = ask(handle, request)',
    '  headers = handle:headers()',
    '  for _, name in ipairs(entity) do headers:remove(name) end',
    '  for name, value in pairs(answer) do',
    '    local own = headers:get(name) ~= nil and name:sub(1, 1) ~= ":"',
    '    if not hop[name] and not own then headers:replace(name, value) end',
    '  end',
    '  if request[":method"] ~= "HEAD" then handle:body(true):setBytes(body or "") end',
    'end',
    '',
  ].join('\n');
}
