import type { Location } from '../../nginx/model.ts';
import { literal } from '../../plan/format.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll } from '../claims.ts';
import type { Context } from '../feature.ts';

/**
 * `more_set_headers` of a ConfigMap's entries: on every answer of the location, in place of the upstream's own; `$` is a
 * plain character (ingress-nginx 1.15.1, template/nginx.tmpl `escapeLiteralDollar`). What is wrong with the entries denies
 * the location, and a denied location has no custom headers (nginx/denials.ts, scenario composite-r070).
 */
export function customHeaders({ owner, denied }: Location, { cluster }: Context): FeatureResult {
  const reference = owner.annotations.get('custom-headers');
  if (reference === undefined) return nothing;
  const map = cluster.configMap(String(reference.value));
  if (map === undefined || denied !== undefined) {
    const reason = 'ingress-nginx returns 503 here today, without the headers.';
    return {
      ...nothing,
      claims: claimAll(owner, ['custom-headers'], map === undefined ? 'invalid' : 'no-effect-today', {
        reason,
      }),
    };
  }
  const set = Object.fromEntries(
    [...map.data]
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name.toLowerCase(), literal(value)]),
  );
  const remove = [...map.data].filter(([, value]) => value === '').map(([name]) => name.toLowerCase());
  return {
    effects: [
      { kind: 'response-headers', response: { set, ...(remove.length > 0 && { remove: remove.sort() }) } },
    ],
    claims: claimAll(owner, ['custom-headers'], 'converted'),
    findings: [],
  };
}
