import { luaString } from '../../plan/lua.ts';

export interface ErrorPages {
  readonly codes: readonly number[];
  /** Replace the upstream's errors, too, and not only those of the gateway. */
  readonly intercept: boolean;
  /** Envoy's name of the error backend; undefined for nginx's own, which has an empty page. */
  readonly cluster: string | undefined;
  readonly builtInStatus: number;
  /** What the error backend learns of the location. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of response headers that stand outside of the location, in lower case. */
  readonly kept: readonly string[];
}

/** Lines in which a script keeps the request as the client sent it: nginx passes that on. */
export function keepRequest(purpose: string): string[] {
  return [
    'local hop = { connection = true, ["keep-alive"] = true, ["transfer-encoding"] = true, te = true, upgrade = true, ["content-length"] = true }',
    '',
    'function envoy_on_request(handle)',
    '  local kept = {}',
    '  for name, value in pairs(handle:headers()) do kept[name] = value end',
    '  local address = handle:streamInfo():downstreamRemoteAddress() or ""',
    '  kept["x-forwarded-for"] = address:gsub(":%d+$", ""):gsub("[%[%]]", "")',
    `  handle:streamInfo():dynamicMetadata():set("${purpose}", "request", kept)`,
    'end',
    '',
    'local function copied(request)',
    '  local headers = {}',
    '  for name, value in pairs(request) do',
    '    if not hop[name] and name ~= ":scheme" and name:sub(1, 8) ~= "x-envoy-" then headers[name] = value end',
    '  end',
    '  return headers',
    'end',
    '',
  ];
}

/** Lines that tell a backend what it stands in for. */
export function contextLines(headers: Readonly<Record<string, string>>): string[] {
  return [
    '  headers["x-format"] = request["accept"]',
    ...Object.entries(headers).map(([name, value]) => `  headers[${luaString(name)}] = ${luaString(value)}`),
  ];
}

/**
 * The Lua that asks an error backend and answers in its words: status, headers and body. nginx does so in a location of its
 * own, without the headers of the one that failed; those of the server and of all servers stay.
 */
export function errorPagesScript({
  codes,
  intercept,
  cluster,
  builtInStatus,
  headers,
  kept,
}: ErrorPages): string {
  return [
    `local codes = { ${codes.map((code) => `["${code}"] = true`).join(', ')} }`,
    `local outside = { ${kept.map((name) => `[${luaString(name)}] = true`).join(', ')} }`,
    ...keepRequest('ingress.error-pages'),
    ...(cluster === undefined
      ? []
      : [
          'local function ask(handle, request, status)',
          '  local headers = copied(request)',
          '  headers["x-code"] = status',
          ...contextLines(headers),
          '  headers[":path"] = "/"',
          '  headers["x-forwarded-proto"] = nil',
          '  headers["x-original-uri"] = request[":path"]',
          `  return handle:httpCall(${luaString(cluster)}, headers, "", { ["timeout_ms"] = 60000, ["send_xff"] = false })`,
          'end',
          '',
        ]),
    'local function replace(handle, request, answer, body)',
    '  local headers, gone = handle:headers(), {}',
    '  for name in pairs(headers) do',
    '    if name:sub(1, 1) ~= ":" and name ~= "date" and name ~= "server" and not outside[name] then gone[#gone + 1] = name end',
    '  end',
    '  for _, name in ipairs(gone) do headers:remove(name) end',
    '  for name, value in pairs(answer) do',
    '    if not hop[name] and name ~= "date" and name ~= "server" and not outside[name] then headers:replace(name, value) end',
    '  end',
    '  if request[":method"] ~= "HEAD" then handle:body(true):setBytes(body or "") end',
    'end',
    '',
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  local status = headers:get(":status")',
    '  if not codes[status] then return end',
    '  local known = handle:streamInfo():dynamicMetadata():get("ingress.error-pages")',
    '  local request = known and known["request"]',
    '  if request == nil then return end',
    ...(intercept ? [] : ['  if headers:get("x-envoy-upstream-service-time") ~= nil then return end']),
    // All of it has to be there before another upstream is asked, and what is held of it is void afterwards.
    '  handle:body(true)',
    cluster === undefined
      ? `  replace(handle, request, { [":status"] = "${builtInStatus}" }, "")`
      : '  replace(handle, request, ask(handle, request, status))',
    'end',
    '',
  ].join('\n');
}
