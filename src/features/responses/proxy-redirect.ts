import { findingType } from '../../domain/findings.ts';
import type { Location } from '../../nginx/model.ts';
import { luaOnRoutes, luaString } from '../../plan/lua.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingOf, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const names = ['proxy-redirect-from', 'proxy-redirect-to'];

const optIn = findingType<{ path: string; from: string; to: string }>({
  code: 'proxy-redirect/opt-in',
  severity: 'warning',
  fields: ['location', 'response-header:refresh'],
  summary: 'Redirects of the application are not changed.',
  message: ({ path, from, to }) =>
    `nginx changes redirects of the application behind ${path} that begin with ${from} to ${to}; no field of Istio does.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow), or tell the application its public address.',
});

const pattern = findingType<{ from: string }>({
  code: 'proxy-redirect/pattern',
  severity: 'warning',
  fields: ['location', 'response-header:refresh'],
  summary: "A change of redirects is a regular expression, which isn't converted.",
  message: ({ from }) => `proxy-redirect-from ${from} is a regular expression of nginx and was left out.`,
  remedy: () => 'Write the beginning of the address as plain text.',
});

/**
 * proxy-redirect-from and -to, of the Ingress or of the controller's ConfigMap (template/nginx.tmpl "proxy_redirect";
 * scenario proxy-redirect). `default` compares with the name of nginx's own upstream, which no application sends.
 */
export const proxyRedirect: Feature = {
  name: 'proxy-redirect',
  findings: [optIn, pattern],
  location(location, context) {
    const { owner, backend, path } = location;
    if (backend.kind !== 'service') return nothing;
    const rule = ruleOf(location, context);
    if (rule === undefined) return idle(owner, names, 'It changes no redirect.');
    if (rule.from.startsWith('~'))
      return {
        effects: [],
        claims: claimAll(owner, names, 'manual'),
        findings: [findingOf(pattern, { from: rule.from }, owner, names[0]!)],
      };
    if (context.options.envoyFilters !== 'allow')
      return {
        effects: [],
        claims: claimAll(owner, names, 'opt-in', { reason: 'It needs an EnvoyFilter.' }),
        findings: [findingOf(optIn, { path, ...rule }, owner, names[0]!)],
      };
    return {
      effects: luaOnRoutes('redirect-location', script(rule)),
      claims: claimAll(owner, names, 'converted', { fidelity: 'equivalent' }),
      findings: [],
    };
  },
};

function ruleOf(
  { owner }: Location,
  { settings }: Context,
): { readonly from: string; readonly to: string } | undefined {
  const [from, to] = names.map((name) => {
    const value = settings.of(owner, name)?.value;
    return typeof value === 'string' ? value : 'off';
  });
  if (from === undefined || to === undefined || from === '' || from === 'off' || from === 'default')
    return undefined;
  return to === 'off' || to === '' ? undefined : { from, to };
}

/** An address that becomes a path is completed with the scheme and the name of the request, as nginx does by default. */
function script({ from, to }: { readonly from: string; readonly to: string }): string {
  const absolute = to.startsWith('/');
  const request = [
    'function envoy_on_request(handle)',
    '  local headers = handle:headers()',
    '  local origin = (headers:get(":scheme") or "http") .. "://" .. (headers:get(":authority") or "")',
    '  handle:streamInfo():dynamicMetadata():set("ingress.redirect-location", "origin", origin)',
    'end',
  ];
  const length = Buffer.byteLength(from);
  return [
    ...(absolute ? request : []),
    `local from, to = ${luaString(from)}, ${luaString(to)}`,
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  local location = headers:get("location")',
    `  if location and location:sub(1, ${length}) == from then`,
    ...(absolute
      ? [
          '    local known = handle:streamInfo():dynamicMetadata():get("ingress.redirect-location")',
          `    headers:replace("location", (known and known["origin"] or "") .. to .. location:sub(${length + 1}))`,
        ]
      : [`    headers:replace("location", to .. location:sub(${length + 1}))`]),
    '  end',
    '  local refresh = headers:get("refresh")',
    '  local start = refresh and refresh:lower():find("url=", 1, true)',
    `  if start and refresh:sub(start + 4, start + ${length + 3}) == from then`,
    `    headers:replace("refresh", refresh:sub(1, start + 3) .. to .. refresh:sub(start + ${length + 4}))`,
    '  end',
    'end',
    '',
  ].join('\n');
}
