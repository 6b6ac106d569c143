import { readsPathsAsNginx } from '../../domain/options.ts';
import { rewriteTarget } from '../../nginx/order.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';

/**
 * nginx chooses a location by the decoded path with slashes merged and dots resolved, and passes the path on as it was
 * sent (ngx_http_parse_complex_uri; scenarios path-normalization, path-prefix). The first filter gives policies and
 * routes the path that nginx sees, the last one puts the client's back. Envoy itself has resolved dots and decoded plain
 * characters before any filter runs, and an EnvoyFilter cannot turn that off: istiod merges a `false` as if it were not there
 * (istio/pkg/proto/merge).
 */
export const paths: Feature = {
  name: 'paths',
  findings: [],
  server(server, { model, options, settings }) {
    if (model.servers[0] !== server || !readsPathsAsNginx(options)) return nothing;
    return { effects: gatewayFilters(settings), claims: [], findings: [] };
  },
  location(location, { options }) {
    if (!readsPathsAsNginx(options)) return nothing;
    const target = rewriteTarget(location.owner, location.matches[0]?.path ?? location.path);
    return target === undefined ? nothing : { effects: [rewritten], claims: [], findings: [] };
  },
};

const luaType = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';
const restoring = 'ingress2istio.sent-path';

/** Bytes of a header line and of all headers that nginx takes: `large_client_header_buffers`, 4 of 8k (ingress-nginx 1.15.1, config.go). */
function limitsOf(settings: Settings): { readonly line: number; readonly total: number } {
  const written = settings.global('large-client-header-buffers') ?? '4 8k';
  const [, count = '4', size = '8', unit = 'k'] = /^\s*(\d+)\s+(\d+)([km]?)\s*$/i.exec(written) ?? [];
  const line = Number(size) * (unit.toLowerCase() === 'm' ? 1024 ** 2 : unit === '' ? 1 : 1024);
  return { line, total: Number(count) * line };
}

const normalise = ({
  line,
  total,
}: ReturnType<typeof limitsOf>) => `-- nginx answers what it refuses before it looks for a location.
local function refused(headers)
  if headers:get(":method") == "TRACE" then return "405" end
  if #(headers:get(":path") or "") + #(headers:get(":method") or "") + 12 > ${line} then return "414" end
  local sum = 0
  for name, value in pairs(headers) do
    local length = #name + #value + 4
    if length > ${line} then return "400" end
    sum = sum + length
  end
  return sum > ${total} and "400" or nil
end

local function decoded(path)
  local refused = false
  local text = path:gsub("%%(%x?%x?)", function(hex)
    local byte = #hex == 2 and tonumber(hex, 16) or 0
    if byte == 0 then refused = true return "" end
    return string.char(byte)
  end)
  return not refused and text or nil
end

local function resolved(path)
  local kept = {}
  for segment in path:gmatch("[^/]+") do
    if segment == ".." then
      if #kept == 0 then return nil end
      kept[#kept] = nil
    elseif segment ~= "." then
      kept[#kept + 1] = segment
    end
  end
  local last = path:match("[^/]*$")
  local folder = #kept > 0 and (last == "" or last == "." or last == "..")
  return "/" .. table.concat(kept, "/") .. (folder and "/" or "")
end

local function encoded(path)
  return (path:gsub("[^%w%-._~!$&'()*+,;=:@/]", function(character)
    return string.format("%%%02X", character:byte())
  end))
end

function envoy_on_request(handle)
  local status = refused(handle:headers())
  if status then
    handle:respond({[":status"] = status}, "")
    return
  end
  local sent = handle:headers():get(":path")
  if sent == nil or sent:sub(1, 1) ~= "/" then return end
  local path, query = sent:match("^([^?]*)(.*)$")
  local text = decoded(path)
  local place = text and resolved(text)
  if place == nil then
    handle:respond({[":status"] = "400"}, "")
    return
  end
  local read = encoded(place) .. query
  if read == sent then return end
  handle:streamInfo():dynamicMetadata():set("${restoring}", "path", sent)
  handle:headers():replace(":path", read)
end
`;

const restore = `function envoy_on_request(handle)
  local sent = handle:streamInfo():dynamicMetadata():get("${restoring}")
  if sent == nil or handle:metadata():get("rewritten") then return end
  handle:headers():replace(":path", sent["path"])
end
`;

/** Nearer to their ends of the chain than all other filters, so that each of those sees the path that nginx reads. */
const outermost = 100;

const gatewayFilters = (settings: Settings): readonly Effect[] => [
  {
    kind: 'http-filter',
    purpose: 'read-path',
    before: 'first',
    priority: outermost,
    filter: {
      name: 'ingress2istio.read-path',
      typed_config: {
        '@type': luaType,
        default_source_code: { inline_string: normalise(limitsOf(settings)) },
      },
    },
  },
  {
    kind: 'http-filter',
    purpose: 'sent-path',
    before: 'router',
    priority: outermost,
    filter: {
      name: restoring,
      typed_config: {
        '@type': luaType,
        // The route was chosen by the path that nginx reads, and stays.
        clear_route_cache: false,
        default_source_code: { inline_string: restore },
      },
    },
  },
];

/** A rewrite takes the path that nginx reads. */
const rewritten: Effect = {
  kind: 'route-filter',
  purpose: 'rewritten-path',
  on: 'forwarded',
  value: { metadata: { filter_metadata: { [restoring]: { rewritten: true } } } },
};
