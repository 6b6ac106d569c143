import { finding, findingType } from '../../domain/findings.ts';
import { qualifiedName } from '../../domain/origin.ts';
import { checkRe2, quoteRegex, type Re2 } from '../../istio-api/patterns.ts';
import type { HeaderMatch } from '../../istio-api/types.ts';
import type { Canary, Location, ServiceBackend } from '../../nginx/model.ts';
import type { SplitEffect } from '../../plan/effect.ts';
import { type Claim, nothing } from '../../plan/result.ts';
import { findingAt } from '../claims.ts';
import type { Feature } from '../feature.ts';

const patternNotRe2 = findingType<{ pattern: string; reason: string }>({
  code: 'canary/pattern-not-re2',
  severity: 'error',
  fields: ['upstream', 'share'],
  summary: 'A canary header pattern cannot be written for Envoy.',
  message: ({ pattern, reason }) =>
    `The canary header pattern ${pattern} has no counterpart in Envoy: ${reason}. Requests that match it go on to the other rules.`,
  remedy: () => 'Write the pattern without look-around and back-references, or use canary-by-header-value.',
});

const withoutEndpoints = findingType<{ service: string }>({
  code: 'canary/without-endpoints',
  severity: 'note',
  fields: ['status', 'upstream'],
  summary: 'A canary without ready pods returns 503.',
  message: ({ service }) =>
    `While the canary ${service} has no ready pod, ingress-nginx uses the main Service; Envoy returns 503 for the canary's share.`,
  remedy: () => 'Take the weight off the canary before its pods go away.',
});

type Branch = SplitEffect['branches'][number];

const policyNames = [
  'canary',
  'canary-weight',
  'canary-weight-total',
  'canary-by-header',
  'canary-by-header-value',
  'canary-by-header-pattern',
  'canary-by-cookie',
  'affinity-canary-behavior',
];

/**
 * Header, then cookie, then weight (ingress-nginx 1.15.1, rootfs/etc/nginx/lua/balancer.lua route_to_alternative_balancer;
 * scenarios canary-*). All else of the main location applies to the canary's requests too.
 */
export const canary: Feature = {
  name: 'canary',
  findings: [patternNotRe2, withoutEndpoints],
  /** What a canary says has no effect, unless a location takes it up. */
  ingress({ canary: isCanary, annotations, ingress }) {
    if (annotations.size === 0) return { claims: [], findings: [] };
    const names = isCanary ? [...annotations.keys()] : policyNames;
    const claims = names.flatMap((name): Claim[] => {
      const annotation = annotations.get(name);
      if (annotation === undefined || (isCanary && name.startsWith('auth-tls-'))) return [];
      const reason = !isCanary
        ? 'canary is not true.'
        : policyNames.includes(name)
          ? 'No location takes the canary up.'
          : `${qualifiedName(ingress.ref)} is a canary, whose requests go by the annotations of the main location.`;
      return [{ annotation, status: 'no-effect-today', reason }];
    });
    return { claims, findings: [] };
  },
  location(location) {
    const { canary: rules, backend } = location;
    if (rules === undefined || backend.kind !== 'service') return nothing;
    const header = rules.byHeader?.toLowerCase();
    const pattern = rules.byHeaderValue === undefined ? rules.byHeaderPattern : undefined;
    const regex = header === undefined || pattern === undefined ? undefined : checkRe2(`.*(?:${pattern}).*`);
    const findings =
      regex?.ok === false
        ? [findingAt(patternNotRe2, { pattern: pattern!, reason: regex.reason }, location)]
        : [];
    const branches = [
      ...(header === undefined ? [] : byHeader(header, rules, backend, regex)),
      ...(rules.byCookie === undefined ? [] : byCookie(rules.byCookie, rules.backend, backend)),
      byWeight(rules, backend),
    ];
    return {
      effects: [{ kind: 'split', branches }],
      claims: claimsOf(rules, location),
      findings: [
        ...findings,
        finding(
          withoutEndpoints,
          { service: qualifiedName(rules.backend.service.ref) },
          {
            origin: rules.ingress.annotations.get('canary')?.origin,
            scope: { kind: 'requests', which: 'failing-upstream' },
          },
        ),
      ],
    };
  },
};

/** A value that is written beats a pattern, and with either `always` and `never` lose their meaning. */
function byHeader(header: string, rules: Canary, main: ServiceBackend, regex: Re2 | undefined): Branch[] {
  const branch = (name: string, match: HeaderMatch, backend: ServiceBackend): Branch => ({
    name,
    when: { headers: { [header]: match } },
    to: [{ backend }],
  });
  if (rules.byHeaderValue !== undefined)
    return [branch('canary-header', { exact: rules.byHeaderValue }, rules.backend)];
  if (regex !== undefined)
    return regex.ok ? [branch('canary-header', { regex: regex.full }, rules.backend)] : [];
  return [
    branch('canary-header', { exact: 'always' }, rules.backend),
    branch('main-header', { exact: 'never' }, main),
  ];
}

function byCookie(name: string, canary: ServiceBackend, main: ServiceBackend): Branch[] {
  const branch = (route: string, value: string, backend: ServiceBackend): Branch => ({
    name: route,
    when: { headers: { cookie: cookieIs(name, value) } },
    to: [{ backend }],
  });
  return [branch('canary-cookie', 'always', canary), branch('main-cookie', 'never', main)];
}

/** Of the Ingress whose policy counts, and of the location's own where it says something that only a canary can. */
function claimsOf(rules: Canary, { upstream }: Location): Claim[] {
  const { annotations } = rules.ingress;
  const unused = (name: string): string | undefined => {
    if (name === 'canary-by-header-value' || name === 'canary-by-header-pattern') {
      if (rules.byHeader === undefined) return 'canary-by-header is not set.';
      if (name === 'canary-by-header-pattern' && rules.byHeaderValue !== undefined)
        return 'canary-by-header-value comes before it.';
    }
    return name === 'affinity-canary-behavior' && upstream?.affinity === undefined
      ? 'The main Service has no affinity.'
      : undefined;
  };
  return policyNames.flatMap((name): Claim[] => {
    const annotation = annotations.get(name);
    if (annotation === undefined) return [];
    const reason = unused(name);
    if (reason !== undefined) return [{ annotation, status: 'no-effect-today', reason }];
    const pattern = name === 'canary-by-header-pattern' && !checkRe2(String(annotation.value)).ok;
    return [{ annotation, status: pattern ? 'manual' : 'converted' }];
  });
}

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
