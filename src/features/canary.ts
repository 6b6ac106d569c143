import { findingType } from '../findings.ts';
import { checkRe2, quoteRegex } from '../istio/paths.ts';
import type { Canary, ServiceBackend } from '../nginx/model.ts';
import { findingAt } from './claims.ts';
import type { Condition, SplitEffect } from './effect.ts';
import type { Feature } from './feature.ts';

const patternNotRe2 = findingType<{ pattern: string; reason: string }>({
  code: 'canary/pattern-not-re2',
  severity: 'error',
  fields: ['upstream', 'share'],
  summary: 'A canary header pattern cannot be written for Envoy.',
  message: ({ pattern, reason }) =>
    `The canary header pattern ${pattern} has no counterpart in Envoy: ${reason}. Requests that match it go on to the other rules.`,
  remedy: () => 'Write the pattern without look-around and back-references, or use canary-by-header-value.',
});

type Branch = SplitEffect['branches'][number];

/**
 * Header, then cookie, then weight (ingress-nginx 1.15.1, rootfs/etc/nginx/lua/balancer.lua route_to_alternative_balancer;
 * scenarios canary-*). All else of the main location applies to the canary's requests too.
 */
export const canary: Feature = {
  name: 'canary',
  findings: [patternNotRe2],
  location(location) {
    const { canary: rules, backend } = location;
    if (rules === undefined || backend.kind !== 'service') return { effects: [], claims: [], findings: [] };
    const findings = [];
    const branches: Branch[] = [];
    const branch = (name: string, when: Condition, to: ServiceBackend): void =>
      void branches.push({ name, when, to: [{ backend: to }] });
    const header = rules.byHeader?.toLowerCase();
    if (header !== undefined) {
      if (rules.byHeaderValue !== undefined)
        branch('canary-header', { headers: { [header]: { exact: rules.byHeaderValue } } }, rules.backend);
      else if (rules.byHeaderPattern !== undefined) {
        const regex = checkRe2(`.*(?:${rules.byHeaderPattern}).*`);
        if (regex.ok)
          branch('canary-header', { headers: { [header]: { regex: regex.full } } }, rules.backend);
        else
          findings.push(
            findingAt(patternNotRe2, { pattern: rules.byHeaderPattern, reason: regex.reason }, location),
          );
      } else {
        branch('canary-header', { headers: { [header]: { exact: 'always' } } }, rules.backend);
        branch('main-header', { headers: { [header]: { exact: 'never' } } }, backend);
      }
    }
    if (rules.byCookie !== undefined) {
      branch('canary-cookie', { headers: { cookie: cookieIs(rules.byCookie, 'always') } }, rules.backend);
      branch('main-cookie', { headers: { cookie: cookieIs(rules.byCookie, 'never') } }, backend);
    }
    branches.push(byWeight(rules, backend));
    return { effects: [{ kind: 'split', branches }], claims: [], findings };
  },
};

function cookieIs(name: string, value: string): { regex: string } {
  return { regex: `(?:.*;\\s*)?(?i:${quoteRegex(name)})=${value}(?:;.*)?` };
}

/** A random number from 1 to the total is compared with the weight; Istio's weights need no sum of 100 (istio/FACTS l). */
function byWeight({ weight, weightTotal, backend }: Canary, main: ServiceBackend): Branch {
  if (weight <= 0) return { name: '', to: [{ backend: main }] };
  if (weight >= weightTotal) return { name: '', to: [{ backend }] };
  return {
    name: '',
    to: [
      { backend: main, weight: weightTotal - weight },
      { backend, weight },
    ],
  };
}
