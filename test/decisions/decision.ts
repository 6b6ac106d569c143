import fc from 'fast-check';
import { fingerprintOf } from '../../src/decisions/fingerprint.ts';
import type { Choice, Decision, DecisionScope } from '../../src/domain/decision.ts';

export const prefix = 'nginx.ingress.kubernetes.io/';

/** A decision about an annotation and a value; `name` without prefix. */
export function decide(
  name: string,
  value: string,
  choice: Choice,
  more: Partial<Omit<Decision, 'choice'>> = {},
): Decision {
  const annotation = `${prefix}${name}`;
  return {
    finding: undefined,
    annotation,
    fingerprints: [fingerprintOf(annotation, value)],
    about: value,
    scope: { kind: 'everywhere' },
    choice,
    by: 'anna',
    at: '2026-03-01T09:00:00Z',
    why: 'agreed',
    ...more,
  };
}

const name = fc.constantFrom('a', 'b', 'c');
const ingress = fc.tuple(name, name).map(([namespace, own]) => `${namespace}/${own}`);

export const randomScope: fc.Arbitrary<DecisionScope> = fc.oneof(
  fc.constant({ kind: 'everywhere' as const }),
  name.map((namespace) => ({ kind: 'namespace' as const, namespace })),
  ingress.map((one) => ({ kind: 'ingress' as const, ingress: one })),
  fc
    .uniqueArray(ingress, { minLength: 1, maxLength: 4 })
    .map((ingresses) => ({ kind: 'group' as const, ingresses: ingresses.sort() })),
);

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom('预览 🚀', '- a: b', 'line\nline', '#', 'yes', '1e3', '\u001b[31m', ' x '),
);

export const randomChoice: fc.Arbitrary<Choice> = fc.oneof(
  fc.constantFrom<Choice>({ kind: 'accept' }, { kind: 'later' }, { kind: 'leave-out' }),
  text.map((value): Choice => ({ kind: 'value', value })),
  fc
    .record({ note: text, owner: text })
    .map(({ note, owner }): Choice => ({ kind: 'manual', note: `do ${note}`, owner })),
  fc.constantFrom<Choice>(
    { kind: 'opt-in', use: { envoyFilters: 'allow' } },
    { kind: 'opt-in', use: { extAuthProvider: 'oauth' } },
  ),
);

export const randomDecision: fc.Arbitrary<Decision> = fc
  .record({
    annotation: fc.constantFrom('auth-url', 'proxy-read-timeout', 'server-snippet'),
    value: fc.constantFrom('1', '2', '预览'),
    choice: randomChoice,
    scope: randomScope,
    finding: fc.constantFrom(undefined, 'a/b', 'c/d'),
    by: fc.constantFrom('anna', 'ben 🚀'),
    at: fc.constantFrom('2026-03-01T09:00:00Z', '2026-03-02T09:00:00+01:00'),
    why: text.map((words) => `because ${words}`),
  })
  .map(({ annotation, value, choice, ...more }) => decide(annotation, value, choice, more));
