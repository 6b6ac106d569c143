/**
 * Asks the auth service before a request goes on, as nginx's auth_request does (ingress-nginx 1.15.1, template/nginx.tmpl, the
 * location `/_external-auth-…`; http/modules/ngx_http_auth_request_module.c). What to ask stands in the route's
 * `filter_context`. An error of any kind refuses the request: Envoy itself would let it pass.
 */
export const filterSource = `
local name = "ingress2istio.external-auth"

-- Headers of the client that the question does not have.
local left_out = {
  ["host"] = true, ["connection"] = true, ["keep-alive"] = true, ["te"] = true, ["upgrade"] = true, ["expect"] = true,
  ["content-length"] = true, ["transfer-encoding"] = true, ["x-forwarded-proto"] = true,
}

-- Statuses with which nginx adds headers that are not marked as \`always\`.
local adds_headers = {
  ["200"] = true, ["201"] = true, ["204"] = true, ["206"] = true, ["301"] = true, ["302"] = true, ["303"] = true,
  ["304"] = true, ["307"] = true, ["308"] = true,
}

local reasons = { [401] = "401 Authorization Required", [403] = "403 Forbidden", [500] = "500 Internal Server Error" }

local function escape(text)
  return (text:gsub("[^%w%-%._~!'%(%)%*]", function(char) return string.format("%%%02X", char:byte()) end))
end

local function unescape(text)
  return (text:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end))
end

local function client_address(handle)
  local address = handle:streamInfo():downstreamRemoteAddress()
  return address:match("^%[(.*)%]:%d+$") or address:match("^(.*):%d+$") or address
end

-- Path and query as the client sent them: a filter before this one may have changed them (features/paths.ts).
local function sent_uri(handle)
  local sent = handle:streamInfo():dynamicMetadata():get("ingress2istio.sent-path")
  return sent and sent["path"] or handle:headers():get(":path")
end

-- The value of a variable of nginx; an unknown one is empty.
local function value_of(handle, variable)
  local headers = handle:headers()
  local function header(key) return headers:get(key) or "" end
  local path, query = header(":path"):match("^([^?]*)%??(.*)$")
  local uri = sent_uri(handle)
  local scheme = header("x-forwarded-proto")
  if variable == "request_uri" then return uri end
  if variable == "escaped_request_uri" then return escape(uri) end
  if variable == "uri" or variable == "document_uri" then return unescape(path) end
  if variable == "args" or variable == "query_string" then return query end
  if variable == "is_args" then return query == "" and "" or "?" end
  if variable == "request_method" then return header(":method") end
  if variable == "scheme" or variable == "pass_access_scheme" then return scheme end
  if variable == "http_host" or variable == "best_http_host" then return header(":authority") end
  if variable == "host" then return (header(":authority"):lower():gsub(":%d+$", "")) end
  if variable == "remote_addr" or variable == "the_real_ip" then return client_address(handle) end
  if variable == "proxy_add_x_forwarded_for" then return header("x-forwarded-for") end
  if variable == "request_id" or variable == "req_id" then return header("x-request-id") end
  if variable == "server_port" or variable == "pass_server_port" or variable == "pass_port" then
    return scheme == "https" and "443" or "80"
  end
  local kind, key = variable:match("^(%a+)_(.*)$")
  if kind == "http" then return header((key:lower():gsub("_", "-"))) end
  if kind == "arg" then
    for pair in query:gmatch("[^&]+") do
      local found, value = pair:match("^([^=]*)=?(.*)$")
      if found:lower() == key:lower() then return value end
    end
  end
  if kind == "cookie" then
    for pair in header("cookie"):gmatch("[^; ]+") do
      local found, value = pair:match("^([^=]*)=(.*)$")
      if found == key then return value end
    end
  end
  return ""
end

local function expand(handle, words)
  return (words:gsub("%\${([%w_]+)}", function(variable) return value_of(handle, variable) end))
end

-- Whether the client's address is enough (satisfy any): another filter has looked at the lists.
local function gets_in_by_address(handle, check)
  if not check:get("satisfy_any") then return false end
  local lists = handle:streamInfo():dynamicMetadata():get("envoy.filters.http.rbac")
  return lists ~= nil and lists["ingress_shadow_engine_result"] == "allowed"
end

local function question(handle, check)
  local headers = {}
  if check:get("client_headers") ~= false then
    for key, value in pairs(handle:headers()) do
      if key:sub(1, 1) ~= ":" and key:sub(1, 8) ~= "x-envoy-" and not left_out[key] then
        headers[key] = headers[key] or {}
        table.insert(headers[key], value)
      end
    end
  end
  headers["x-request-id"] = value_of(handle, "request_id")
  for key, words in pairs(check:get("headers")) do
    local value = expand(handle, words)
    headers[key] = value ~= "" and value or nil
  end
  headers[":method"] = check:get("method")
  headers[":path"] = expand(handle, check:get("path"))
  headers[":authority"] = expand(handle, check:get("host"))
  return headers
end

local function first(value)
  return type(value) == "table" and value[1] or value
end

local function list(value)
  return type(value) == "table" and value or { value }
end

-- The answer to a request that may not go on; nil where it may.
local function refusal(handle)
  local check = handle:filterContext()
  if not check or not check:get("cluster") then return nil end -- a route that asks nobody
  if gets_in_by_address(handle, check) then return nil end
  local reply = handle:httpCall(check:get("cluster"), question(handle, check), nil, {
    timeout_ms = 60000, send_xff = false, return_duplicate_headers = true,
  })
  check = handle:filterContext() -- objects of Envoy do not outlive the call
  local status = tonumber(first(reply[":status"]))
  if reply["set-cookie"] then
    handle:streamInfo():dynamicMetadata():set(name, "cookies", list(reply["set-cookie"]))
  end
  if status >= 200 and status < 300 then
    for _, key in ipairs(check:get("take")) do
      handle:headers():remove(key)
      local values = table.concat(list(reply[key]), ", ")
      if values ~= "" then handle:headers():add(key, values) end
    end
    return nil
  end
  if status == 401 and check:get("sign_in") then
    handle:streamInfo():dynamicMetadata():set(name, "signs_in", true)
    return { [":status"] = "302", ["location"] = expand(handle, check:get("sign_in")) }, ""
  end
  if status ~= 401 and status ~= 403 then status = 500 end
  local answer = { [":status"] = tostring(status) }
  if status == 401 then answer["www-authenticate"] = reply["www-authenticate"] end
  return answer, reasons[status]
end

-- nginx redirects to the sign-in page from another location, which has the headers of CORS and of the server only.
local function leave_location(handle)
  local headers, outside, gone = handle:headers(), { ["location"] = true, ["date"] = true, ["server"] = true }, {}
  for _, key in ipairs(handle:filterContext():get("outside") or {}) do outside[key] = true end
  for key in pairs(headers) do
    local stays = key:sub(1, 1) == ":" or key:sub(1, 15) == "access-control-" or key:sub(1, 8) == "content-"
    if not stays and not outside[key] then gone[#gone + 1] = key end
  end
  for _, key in ipairs(gone) do headers:remove(key) end
end

function envoy_on_request(handle)
  local ok, answer, text = pcall(refusal, handle)
  if not ok then
    handle:logErr(name .. ": " .. tostring(answer))
    answer, text = { [":status"] = "500" }, reasons[500]
  end
  if answer then handle:respond(answer, text) end
end

function envoy_on_response(handle)
  local kept = handle:streamInfo():dynamicMetadata():get(name)
  if not kept then return end
  if kept["signs_in"] then leave_location(handle) end
  if not kept["cookies"] then return end
  if handle:filterContext():get("always_set_cookie") or adds_headers[handle:headers():get(":status")] then
    for _, cookie in ipairs(kept["cookies"]) do handle:headers():add("set-cookie", cookie) end
  end
end
`.trimStart();
