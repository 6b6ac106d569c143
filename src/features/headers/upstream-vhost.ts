import { findingType } from '../../domain/findings.ts';
import type { Location } from '../../nginx/model.ts';
import { headerOf, toConstant } from '../../nginx/variables.ts';
import type { Effect } from '../../plan/effect.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingAt } from '../claims.ts';
import type { Context } from '../feature.ts';
import { variablesIn } from './variables.ts';

export const hostVariable = findingType<{ value: string; variable: string }>({
  code: 'headers/upstream-vhost-variable',
  severity: 'warning',
  fields: ['host'],
  summary: "upstream-vhost contains an nginx variable that Istio can't use in a Host header.",
  message: ({ value, variable }) =>
    `upstream-vhost is ${value}, and ${variable} has no counterpart in a rewritten Host; the backend keeps getting the client's Host.`,
  remedy: () => 'Write the host name that is meant.',
});

/** The client's own Host, under the names that nginx has for it. */
const clientHost = /^\$\{?(?:http_host|best_http_host)\}?$/;
const ofHeader = /^\$\{?http_(\w+)\}?$/;

/** The Host that the upstream sees (ingress-nginx 1.15.1, template/nginx.tmpl `proxy_set_header Host`; scenario upstream-vhost). */
export function upstreamVhost(location: Location, context: Context): FeatureResult {
  const { owner } = location;
  const value = owner.annotations.get('upstream-vhost')?.value;
  if (typeof value !== 'string') return nothing;
  const claim = (...effects: Effect[]): FeatureResult => ({
    effects,
    claims: claimAll(owner, ['upstream-vhost'], 'converted'),
    findings: [],
  });
  if (clientHost.test(value)) return claim();
  const host = toConstant(value, variablesIn(location, context, 'request'));
  if (host !== undefined) return claim({ kind: 'forward', patch: { rewrite: { authority: host } } });
  const header = ofHeader.exec(value)?.[1];
  if (header !== undefined && context.options.envoyFilters === 'allow') {
    return claim({
      kind: 'route-filter',
      purpose: 'upstream-host',
      on: 'forwarded',
      value: { route: { host_rewrite_header: headerOf(header) } },
    });
  }
  const variable = /\$\{?\w+\}?/.exec(value)?.[0] ?? value;
  const reason = `${variable} has no counterpart in a rewritten Host.`;
  return {
    effects: [],
    claims: claimAll(owner, ['upstream-vhost'], header === undefined ? 'manual' : 'opt-in', { reason }),
    findings: [findingAt(hostVariable, { value, variable }, location, 'upstream-vhost')],
  };
}
