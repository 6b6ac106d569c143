import type { KnownAnnotation } from '../../decode/annotation.ts';
import type { Finding, Scope as FindingScope, FindingType, ObservableField } from '../../domain/findings.ts';
import { finding } from '../../domain/findings.ts';
import { inside, type Origin } from '../../domain/origin.ts';
import type { Fidelity, OutcomeStatus } from '../../domain/outcome.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import type { VariableOptions } from '../../nginx/variables.ts';
import type { Condition } from '../../plan/answer-effect.ts';
import type { Effect } from '../../plan/effect.ts';
import { closed, notCarriedOver, refused } from './findings.ts';

/** Where directives stand and what is known there. */
export interface Scope {
  /** A location of an Ingress, the server, or a location that the server snippet itself brings. */
  readonly place: 'location' | 'server' | 'own-location';
  readonly origin: Origin;
  readonly about: FindingScope;
  /** Grows with each `set` to a constant. */
  readonly variables: Omit<VariableOptions, 'use'>;
  /** The condition of the `if` around; `variant` names its routes. */
  readonly guard: { readonly when: Condition; readonly variant: string } | undefined;
  /** Inside an `if`, also one whose condition always holds. */
  readonly inIf: boolean;
  /** The upstream speaks gRPC: nginx then leaves out all proxy_set_header lines. */
  readonly grpc: boolean;
  readonly relativeRedirects: boolean;
  readonly defaultType: string;
  readonly trustedProxies: number;
  /** nginx sends plain HTTP to HTTPS before it looks at access rules. */
  readonly redirectsPlainHttp: boolean;
  /** Basic or external authentication guards the location, too. */
  readonly hasAuth: boolean;
  /** `satisfy any`: beside authentication an access rule is then one of several ways in. */
  readonly satisfyAny: boolean;
  /** EnvoyFilters are allowed, so that headers can depend on the status of the answer. */
  readonly byStatus: boolean;
  /** The annotation that holds the snippet; none for a snippet of the ConfigMap. */
  readonly annotations: readonly KnownAnnotation[];
}

/** What becomes of one directive. */
export interface Verdict {
  readonly status: OutcomeStatus;
  readonly fidelity?: Fidelity;
  readonly reason: string;
  readonly effects: readonly Effect[];
  readonly findings: readonly Finding[];
}

export type Handler = (directive: Directive, scope: Scope) => Verdict;

export function converted(
  effects: readonly Effect[],
  fidelity: 'exact' | 'equivalent' | 'approximate' = 'exact',
  findings: readonly Finding[] = [],
): Verdict {
  return { status: 'converted', fidelity, reason: '', effects, findings };
}

export function notNeeded(reason: string): Verdict {
  return { status: 'not-needed', fidelity: 'not-needed', reason, effects: [], findings: [] };
}

export function noEffect(reason: string): Verdict {
  return { status: 'no-effect-today', reason, effects: [], findings: [] };
}

/** Nothing of the directive is carried over, and a person has to look at it. */
export function manual(
  directive: Directive,
  scope: Scope,
  why: { readonly reason: string; readonly remedy: string; readonly fields?: readonly ObservableField[] },
  status: 'manual' | 'impossible' | 'opt-in' = 'manual',
): Verdict {
  const { reason, remedy, fields = [] } = why;
  const reported = tell(
    withFields(notCarriedOver, fields),
    { directive: shorten(directive.text), reason, remedy },
    directive,
    scope,
  );
  return { status, fidelity: status, reason, effects: [], findings: [reported] };
}

/** nginx does not load a configuration with this directive here. */
export function refusedByNginx(directive: Directive, scope: Scope, reason: string): Verdict {
  const reported = tell(refused, { directive: shorten(directive.text), reason }, directive, scope);
  return { status: 'invalid', reason, effects: [], findings: [reported] };
}

/** A protection that cannot be written: everything it may protect answers 503. */
export function closedFor(directive: Directive, scope: Scope, reason: string): Verdict {
  const phase = scope.place === 'location' ? 'closed' : 'server-snippet';
  return {
    status: 'closed',
    reason,
    effects: [{ kind: 'answer', phase, answer: { status: 503 } }],
    findings: [tell(closed, { directive: shorten(directive.text), reason }, directive, scope)],
  };
}

export function tell<Args extends object>(
  type: FindingType<Args>,
  args: Args,
  directive: Directive,
  scope: Scope,
): Finding {
  return finding(type, args, { origin: originOfDirective(directive, scope), scope: scope.about });
}

/** The same code with the fields of this case: a header's name is known only here. */
export function withFields<Args extends object>(
  type: FindingType<Args>,
  fields: readonly ObservableField[],
): FindingType<Args> {
  return { ...type, fields };
}

export function originOfDirective({ line, column }: Directive, scope: Pick<Scope, 'origin'>): Origin {
  return inside(scope.origin, `line ${line}:${column}`);
}

/** As it is shown in outcomes and messages: one line, at most 200 characters. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

const badness: readonly OutcomeStatus[] = [
  'no-effect-today',
  'not-needed',
  'converted',
  'opt-in',
  'unknown',
  'impossible',
  'manual',
  'invalid',
  'closed',
];
const fidelities: readonly (Fidelity | undefined)[] = [
  undefined,
  'not-needed',
  'exact',
  'equivalent',
  'approximate',
];

/** The worst of several verdicts, for the annotation that holds them; undefined where there are none. */
export function worst<V extends Pick<Verdict, 'status' | 'fidelity' | 'reason'>>(
  verdicts: readonly V[],
): V | undefined {
  const rank = ({ status, fidelity }: V): number =>
    badness.indexOf(status) * fidelities.length + Math.max(0, fidelities.indexOf(fidelity));
  return verdicts.reduce<V | undefined>(
    (found, verdict) => (found === undefined || rank(verdict) > rank(found) ? verdict : found),
    undefined,
  );
}

/** Several verdicts on parts of one directive as one. */
export function together(parts: readonly Verdict[]): Verdict {
  const bad = worst(parts);
  if (bad === undefined) return noEffect('It names nothing.');
  return {
    ...bad,
    effects: parts.flatMap(({ effects }) => effects),
    findings: parts.flatMap(({ findings }) => findings),
  };
}
