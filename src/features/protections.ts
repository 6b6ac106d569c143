import { type Finding, findingType } from '../findings.ts';
import { claimAll, findingAt } from './claims.ts';
import type { Claim, Effect } from './effect.ts';
import type { Feature } from './feature.ts';

const closed = findingType<{ protection: string; path: string }>({
  code: 'protection/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'A protection was not carried over, so its location is closed.',
  message: ({ protection, path }) =>
    `${protection} protects the location ${path} and was not carried over; the location answers 503 until somebody decides.`,
  remedy: () => 'Carry the protection over by hand, or decide in the review what takes its place.',
});

/** What protects a location, by the annotation that turns it on, and the annotations that belong to it. */
const kinds: readonly { readonly by: string; readonly name: string; readonly with: readonly string[] }[] = [
  {
    by: 'enable-modsecurity',
    name: 'ModSecurity',
    with: ['enable-owasp-core-rules', 'modsecurity-snippet', 'modsecurity-transaction-id'],
  },
];

/** Fails closed: a location whose protection has no conversion yet is never left open. */
export const protections: Feature = {
  name: 'protections',
  findings: [closed],
  location(location) {
    const { owner } = location;
    const claims: Claim[] = [];
    const findings: Finding[] = [];
    for (const protection of kinds) {
      const on = owner.annotations.get(protection.by);
      if (on === undefined) {
        claims.push(
          ...claimAll(
            owner,
            protection.with.filter((name) => name !== 'satisfy'),
            'no-effect-today',
            { reason: `${protection.by} is not set.` },
          ),
        );
        continue;
      }
      if (on.value === false) {
        claims.push(
          ...claimAll(owner, [protection.by, ...protection.with], 'no-effect-today', {
            reason: 'It is off.',
          }),
        );
        continue;
      }
      claims.push(
        ...claimAll(owner, [protection.by, ...protection.with], 'closed', {
          reason: `${protection.name} was not carried over.`,
        }),
      );
      findings.push(
        findingAt(closed, { protection: protection.name, path: location.path }, location, protection.by),
      );
    }
    const effects: Effect[] =
      findings.length === 0 ? [] : [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }];
    return { effects, claims, findings };
  },
};
