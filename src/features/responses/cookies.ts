import { findingType } from '../../domain/findings.ts';
import type { Location } from '../../nginx/model.ts';
import { luaOnRoutes, luaString } from '../../plan/lua.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingOf, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const names = ['proxy-cookie-domain', 'proxy-cookie-path'];

const optIn = findingType<{ path: string }>({
  code: 'cookies/opt-in',
  severity: 'warning',
  fields: ['response-header:set-cookie'],
  summary: 'Cookies of the application keep the domain or path that nginx changes.',
  message: ({ path }) =>
    `nginx changes the domain or the path of the cookies that the application behind ${path} sets; no field of Istio does.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), or have the application set its cookies for the public name and path.',
});

const pattern = findingType<{ value: string }>({
  code: 'cookies/pattern',
  severity: 'warning',
  fields: ['response-header:set-cookie'],
  summary: "A change of cookies is a regular expression, which isn't converted.",
  message: ({ value }) => `The cookie rule ${value} is a regular expression of nginx and was left out.`,
  remedy: () => 'Write the domain or the beginning of the path as plain text.',
});

interface Rule {
  readonly from: string;
  readonly to: string;
}

/**
 * proxy-cookie-domain and proxy-cookie-path, of the Ingress or of the controller's ConfigMap (nginx,
 * ngx_http_proxy_module.c ngx_http_proxy_rewrite_cookie; scenario proxy-cookie).
 */
export const cookies: Feature = {
  name: 'cookies',
  findings: [optIn, pattern],
  location(location, context) {
    const { owner, backend } = location;
    if (backend.kind !== 'service') return nothing;
    const [domain, path] = names.map((name) => ruleOf(location, name, context));
    if (domain === undefined && path === undefined) return idle(owner, names, 'It is off.');
    const regex = [domain, path].flatMap((rule) => (rule?.from.startsWith('~') ? [rule] : []));
    const findings = regex.map(({ from, to }) =>
      findingOf(pattern, { value: `${from} ${to}` }, owner, names[1]!),
    );
    const plain = (rule: Rule | undefined) => (rule?.from.startsWith('~') ? undefined : rule);
    const rules = { domain: plain(domain), path: plain(path) };
    const reason = 'It needs an EnvoyFilter.';
    if (context.options.envoyFilters !== 'allow')
      return {
        effects: [],
        claims: claimAll(owner, names, 'opt-in', { reason }),
        findings: [...findings, findingOf(optIn, { path: location.path }, owner, names[0]!)],
      };
    const nothingPlain = rules.domain === undefined && rules.path === undefined;
    return {
      effects: nothingPlain ? [] : luaOnRoutes('cookie-attributes', script(rules)),
      claims: claimAll(owner, names, regex.length > 0 ? 'manual' : 'converted', { fidelity: 'equivalent' }),
      findings,
    };
  },
};

/** `from to`; anything else is off. */
function ruleOf({ owner }: Location, name: string, { settings }: Context): Rule | undefined {
  const value = settings.of(owner, name)?.value;
  const [from, to, ...rest] = typeof value === 'string' ? value.trim().split(/\s+/) : [];
  return from === undefined || to === undefined || rest.length > 0 ? undefined : { from, to };
}

/** A domain is compared whole, without regard to case and to a dot before it; a path by its beginning. */
function script({
  domain,
  path,
}: {
  readonly domain: Rule | undefined;
  readonly path: Rule | undefined;
}): string {
  const rules = [
    ...(domain === undefined
      ? []
      : [
          `    if name == "domain" and value:lower():gsub("^%.", "") == ${luaString(domain.from.toLowerCase().replace(/^\./, ''))} then`,
          `      return ";" .. space .. key .. "=" .. ${luaString(domain.to)}`,
          '    end',
        ]),
    ...(path === undefined
      ? []
      : [
          `    if name == "path" and value:sub(1, ${Buffer.byteLength(path.from)}) == ${luaString(path.from)} then`,
          `      return ";" .. space .. key .. "=" .. ${luaString(path.to)} .. value:sub(${Buffer.byteLength(path.from) + 1})`,
          '    end',
        ]),
  ];
  return [
    'local function rewrite(cookie)',
    '  return (cookie:gsub(";(%s*)([^=;]+)=([^;]*)", function(space, key, value)',
    '    local name = key:lower()',
    ...rules,
    '  end))',
    'end',
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  local cookies = {}',
    '  for index = 0, headers:getNumValues("set-cookie") - 1 do',
    '    cookies[#cookies + 1] = rewrite(headers:getAtIndex("set-cookie", index))',
    '  end',
    '  if #cookies == 0 then return end',
    '  headers:remove("set-cookie")',
    '  for _, cookie in ipairs(cookies) do headers:add("set-cookie", cookie) end',
    'end',
    '',
  ].join('\n');
}
