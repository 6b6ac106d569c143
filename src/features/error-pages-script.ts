import { luaString } from './lua.ts';

export interface ErrorPages {
  readonly pages:
    | {
        readonly codes: readonly number[];
        /** Replace the upstream's errors, too, and not only those of the gateway. */
        readonly intercept: boolean;
        /** Envoy's name of the error backend; undefined for nginx's own, which has an empty page. */
        readonly cluster: string | undefined;
        readonly builtInStatus: number;
      }
    | undefined;
  /** Envoy's name of the Service that answers while the real one has no ready pod. */
  readonly fallback: string | undefined;
  /** What the error backend is told of the location. */
  readonly headers: Readonly<Record<string, string>>;
  /** Tell the fallback what nginx tells every upstream. */
  readonly forwardedHeaders: boolean;
}

/**
 * The Lua that asks an error backend and answers in its words: status, headers and body. The request is kept as it came,
 * because nginx passes on what the client sent. Headers that say something of the replaced body go with it; those that
 * routes add stay.
 */
export function errorPagesScript({ pages, fallback, headers, forwardedHeaders }: ErrorPages): string {
  const own = Object.entries(headers).map(
    ([name, value]) => `  headers[${luaString(name)}] = ${luaString(value)}`,
  );
  return [
    `local codes = { ${(pages?.codes ?? []).map((code) => `["${code}"] = true`).join(', ')} }`,
    'local hop = { connection = true, ["keep-alive"] = true, ["transfer-encoding"] = true, te = true, upgrade = true, ["content-length"] = true }',
    'local entity = { "content-type", "content-length", "content-encoding", "content-language", "content-range", "accept-ranges", "etag", "last-modified", "cache-control", "expires", "set-cookie", "location" }',
    '',
    'function envoy_on_request(handle)',
    '  local kept = {}',
    '  for name, value in pairs(handle:headers()) do kept[name] = value end',
    '  local address = handle:streamInfo():downstreamRemoteAddress() or ""',
    '  kept["x-forwarded-for"] = address:gsub(":%d+$", ""):gsub("[%[%]]", "")',
    '  handle:streamInfo():dynamicMetadata():set("ingress.error-pages", "request", kept)',
    'end',
    '',
    'local function ask(handle, request, cluster, status, path)',
    '  local headers = {}',
    '  for name, value in pairs(request) do',
    '    if not hop[name] and name ~= ":scheme" and name:sub(1, 8) ~= "x-envoy-" then headers[name] = value end',
    '  end',
    '  headers["x-code"] = status',
    '  headers["x-format"] = request["accept"]',
    ...own,
    '  if path then',
    '    headers[":path"] = path',
    '    headers["x-forwarded-proto"] = nil',
    '    headers["x-original-uri"] = request[":path"]',
    ...(forwardedHeaders
      ? [
          '  else',
          '    headers["x-real-ip"] = request["x-forwarded-for"]',
          '    headers["x-forwarded-host"] = request[":authority"]',
          '    headers["x-forwarded-port"] = request[":scheme"] == "https" and "443" or "80"',
          '    headers["x-forwarded-scheme"] = request[":scheme"]',
          '    headers["x-scheme"] = request[":scheme"]',
        ]
      : []),
    '  end',
    '  local answer, body = handle:httpCall(cluster, headers, "", { ["timeout_ms"] = 60000, ["send_xff"] = false })',
    '  return answer, body',
    'end',
    '',
    'local function replace(handle, request, answer, body)',
    '  local headers = handle:headers()',
    '  for _, name in ipairs(entity) do headers:remove(name) end',
    '  for name, value in pairs(answer) do',
    '    if not hop[name] and name ~= "date" and name ~= "server" then headers:replace(name, value) end',
    '  end',
    '  if request[":method"] ~= "HEAD" then handle:body(true):setBytes(body or "") end',
    'end',
    '',
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  local status = headers:get(":status")',
    `  if not codes[status]${fallback === undefined ? '' : ' and status ~= "503"'} then return end`,
    '  local known = handle:streamInfo():dynamicMetadata():get("ingress.error-pages")',
    '  local request = known and known["request"]',
    '  if request == nil then return end',
    '  local passed = headers:get("x-envoy-upstream-service-time") ~= nil',
    // All of it has to be there before another upstream is asked, and what is held of it is void afterwards.
    '  local page = handle:body(true)',
    ...(fallback === undefined
      ? []
      : [
          '  if status == "503" and not passed then',
          '    if page:length() == 19 and page:getBytes(0, 19) == "no healthy upstream" then',
          `      replace(handle, request, ask(handle, request, ${luaString(fallback)}, status, nil))`,
          '      return',
          '    end',
          '  end',
        ]),
    ...(pages === undefined
      ? []
      : [
          `  if not codes[status]${pages.intercept ? '' : ' or passed'} then return end`,
          ...(pages.cluster === undefined
            ? [`  replace(handle, request, { [":status"] = "${pages.builtInStatus}" }, "")`]
            : [`  replace(handle, request, ask(handle, request, ${luaString(pages.cluster)}, status, "/"))`]),
        ]),
    'end',
    '',
  ].join('\n');
}
