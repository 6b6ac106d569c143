import type { Finding, ObservableField } from '../../domain/findings.ts';
import { type Directive, walk } from '../../nginx/directives/parse.ts';
import type { Effect } from '../../plan/effect.ts';
import { accessRules } from './access.ts';
import { fieldsOf, joinAddedHeaders, ordered, tellOfReplacedHeaders } from './added-headers.ts';
import { returns } from './answers.ts';
import { assign } from './assign.ts';
import { readCondition, type Test } from './conditions.ts';
import { judge } from './directives.ts';
import { forwardedProto, severalIfs } from './findings.ts';
import { headerHandlers } from './headers.ts';
import { refusal } from './places.ts';
import { isAccessCheck, limitExcept, orClosed, refuseClients, undecided } from './refusals.ts';
import { rewrites } from './rewrites.ts';
import {
  converted,
  manual,
  noEffect,
  refusedByNginx,
  type Scope,
  shorten,
  tell,
  together,
  type Verdict,
  withFields,
} from './scope.ts';

/** What becomes of each directive of a block, those of inner blocks included; locations of a server are left out. */
export interface Reading {
  readonly verdicts: ReadonlyMap<Directive, Verdict>;
  /** In the order in which they have to be applied. */
  readonly effects: readonly Effect[];
  /** Every request is answered here. */
  readonly answered: boolean;
}

interface Course {
  readonly verdicts: Map<Directive, Verdict>;
  readonly constants: Map<string, string>;
  /** Number of locations among which nginx would choose again after a rewrite. */
  readonly locations: number;
  /** Conditions under which headers are written; each doubles the routes of the location. */
  variants: number;
  readonly conditional: Set<ObservableField>;
  /** Why the rewrite directives that follow are not reached. */
  stopped: string | undefined;
  /** Every request is answered by a `return`, before access rules count. */
  answered: boolean;
  rewritten: boolean;
}

/** Sixteen routes for each one of the location. */
const variantLimit = 4;

const answeredBefore = 'A return before it has answered already.';

/**
 * Reads directives as nginx runs them: `set`, `if`, `rewrite`, `return` and `break` one after the other, then access rules,
 * then what concerns headers (SEMANTICS 7: what happens to a request).
 */
export function interpret(directives: readonly Directive[], scope: Scope, locations: number): Reading {
  const constants = new Map(scope.variables.constants);
  const own: Scope = {
    ...scope,
    ...blockSettings(directives, scope),
    variables: { ...scope.variables, constants },
  };
  const course: Course = {
    verdicts: new Map(),
    constants,
    locations,
    variants: 0,
    conditional: new Set(),
    stopped: undefined,
    answered: false,
    rewritten: false,
  };
  run(directives, own, course);
  return {
    verdicts: course.verdicts,
    effects: ordered(directives, course.verdicts),
    answered: course.answered,
  };
}

/** Settings of a block that its other directives depend on. */
function blockSettings(
  directives: readonly Directive[],
  scope: Scope,
): Pick<Scope, 'defaultType' | 'hasAuth' | 'relativeRedirects' | 'satisfyAny'> {
  const last = (name: string): string | undefined =>
    directives.findLast((directive) => directive.name === name)?.args[0]?.text;
  return {
    defaultType: last('default_type') ?? scope.defaultType,
    relativeRedirects: last('absolute_redirect') === 'off' || scope.relativeRedirects,
    hasAuth:
      scope.hasAuth ||
      directives.some(({ name, args }) => /^auth_|^access_by_lua/.test(name) && args[0]?.text !== 'off'),
    satisfyAny: scope.satisfyAny || last('satisfy') === 'any',
  };
}

function run(directives: readonly Directive[], scope: Scope, course: Course): void {
  const access: Directive[] = [];
  const ending = directives.findIndex(({ name }) => name === 'return' || name === 'break');
  if (scope.guard === undefined && course.stopped === undefined && directives[ending]?.name === 'return')
    course.answered = true;
  for (const directive of directives) {
    const refused = refusal(directive, scope);
    if (refused !== undefined) recordVerdict(directive, refusedByNginx(directive, scope, refused), course);
    else if (directive.name === 'allow' || directive.name === 'deny') access.push(directive);
    else if (directive.name === 'location' && scope.place === 'server') continue;
    else recordVerdict(directive, step(directive, scope, course), course);
  }
  const rules = course.answered
    ? new Map(access.map((rule) => [rule, noEffect(answeredBefore)]))
    : accessRules(access, scope);
  for (const [rule, verdict] of rules) recordVerdict(rule, verdict, course);
  joinAddedHeaders(directives, course.verdicts);
  tellOfReplacedHeaders(directives, scope, course.verdicts);
}

/** Notes a verdict; what stands inside the directive shares it unless it has its own. */
function recordVerdict(directive: Directive, verdict: Verdict, course: Course): void {
  course.verdicts.set(directive, verdict);
  if (typeof directive.block !== 'object' || directive.name === 'types') return;
  for (const inner of walk(directive.block)) {
    if (!course.verdicts.has(inner)) course.verdicts.set(inner, { ...verdict, effects: [], findings: [] });
  }
}

function step(directive: Directive, scope: Scope, course: Course): Verdict {
  const rewriting = ['if', 'set', 'rewrite', 'return', 'break'].includes(directive.name);
  if (rewriting && course.stopped !== undefined) return noEffect(course.stopped);
  switch (directive.name) {
    case 'if':
      return runIf(directive, scope, course);
    case 'set':
      return assign(directive, scope, course.constants);
    case 'break':
      if (scope.guard === undefined) course.stopped = 'A break comes before it.';
      return converted([]);
    case 'return': {
      if (scope.guard === undefined) {
        course.stopped = answeredBefore;
        course.answered = true;
      }
      const verdict = returns(directive, scope);
      return verdict.status === 'manual' ? orClosed(directive, scope, verdict) : verdict;
    }
    case 'rewrite':
      return runRewrite(directive, scope, course);
    case 'limit_except':
      return course.answered ? noEffect(answeredBefore) : limitExcept(directive, scope, course.verdicts);
    case 'location':
      return manual(directive, scope, {
        reason: "a location inside a location can't be converted.",
        remedy: 'Write a path of the Ingress for it.',
        fields: ['status', 'path', 'upstream'],
      });
    default:
      if (course.answered && isAccessCheck(directive.name))
        return noEffect('A return answers before access is checked.');
      return judge(directive, scope);
  }
}

function runRewrite(directive: Directive, scope: Scope, course: Course): Verdict {
  if (course.rewritten)
    return manual(directive, scope, {
      reason: 'a route rewrites its path once, and a line before does so already.',
      remedy: 'Write one pattern for both, or a route for each.',
      fields: ['path', 'upstream', 'status'],
    });
  const verdict = rewrites(directive, scope, course.locations);
  if (verdict.status === 'converted' && verdict.effects.some(({ kind }) => kind === 'forward'))
    course.rewritten = true;
  const always = verdict.effects.some((effect) => effect.kind === 'answer' && effect.when === undefined);
  if (always) {
    course.stopped = 'A redirect before it has answered already.';
    course.answered = true;
  }
  return verdict;
}

function runIf(directive: Directive, scope: Scope, course: Course): Verdict {
  if (typeof directive.block !== 'object') return refusedByNginx(directive, scope, 'it has no block');
  const test = readCondition(directive, scope.variables);
  switch (test.kind) {
    case 'refused':
      return refusedByNginx(directive, scope, test.reason);
    case 'never':
      return noEffect(`The condition is never true for the host ${scope.variables.host ?? ''}.`);
    case 'always':
      return runAlways(directive.block, test.captures, scope, course);
    case 'clients':
      return refuseClients(directive, directive.block, test, scope);
    case 'unsupported':
      return undecided(directive, scope, test.reason);
    case 'when':
      return runWhen(directive, directive.block, test, scope, course);
  }
}

function runAlways(
  block: readonly Directive[],
  captures: readonly string[],
  scope: Scope,
  course: Course,
): Verdict {
  for (const [index, capture] of captures.entries()) course.constants.set(String(index + 1), capture);
  run(block, { ...scope, inIf: true }, course);
  return converted([]);
}

function runWhen(
  directive: Directive,
  block: readonly Directive[],
  test: Test & { kind: 'when' },
  scope: Scope,
  course: Course,
): Verdict {
  const headers = block.filter(({ name }) => headerHandlers.has(name));
  const before = course.variants;
  if (headers.length > 0) course.variants += test.any.length;
  if (course.variants > variantLimit)
    return undecided(
      directive,
      scope,
      `more than ${variantLimit} conditions on headers would make too many routes.`,
    );
  const parts: Verdict[] = [];
  for (const [index, condition] of test.any.entries()) {
    const inner: Course = {
      ...course,
      verdicts: new Map(),
      constants: new Map(course.constants),
      stopped: undefined,
    };
    const guard = {
      when: condition,
      variant: `if-${directive.line}-${directive.column}${index === 0 ? '' : `-${index + 1}`}`,
    };
    run(block, { ...scope, inIf: true, guard }, inner);
    for (const [one, verdict] of inner.verdicts) {
      const known = course.verdicts.get(one);
      course.verdicts.set(
        one,
        known === undefined ? verdict : together([known, { ...verdict, findings: [] }]),
      );
    }
    parts.push(converted([]));
  }
  // A variable that the block changes is not known behind it.
  for (const { name, args } of block)
    if (name === 'set') course.constants.delete(args[0]?.text.slice(1) ?? '');
  const findings: Finding[] =
    test.variable === 'http_x_forwarded_proto' && scope.trustedProxies === 0
      ? [tell(forwardedProto, { directive: shorten(directive.text) }, directive, scope)]
      : [];
  for (const field of headers.flatMap((inner) => fieldsOf(course.verdicts.get(inner))))
    course.conditional.add(field);
  if (before > 0 && headers.length > 0)
    findings.push(tell(withFields(severalIfs, [...course.conditional].sort()), {}, directive, scope));
  return { ...together(parts), findings };
}
