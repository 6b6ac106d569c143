import type { Annotation, KnownAnnotation } from '../decode/annotation.ts';
import { type Finding, finding } from '../domain/findings.ts';
import type { Outcome, OutcomeStatus } from '../domain/outcome.ts';
import { judgeCompanion } from '../features/companions/index.ts';
import type { ModelIngress } from '../nginx/model.ts';
import { isSnippet } from '../nginx/selection.ts';
import type { Claim } from '../plan/result.ts';
import type { Books } from './books.ts';
import * as findingTypes from './findings.ts';
import { noTargets, type Targets } from './targets.ts';

interface Verdict {
  readonly status: OutcomeStatus;
  readonly reason?: string;
  readonly fidelity?: Outcome['fidelity'];
  readonly findings?: readonly Finding[];
}

export function annotationOutcomes(
  books: Books,
  targets: Targets,
): { outcomes: Outcome[]; findings: Finding[] } {
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [];
  const owners = new Set(
    books.built.model.servers.flatMap(({ locations }) => locations.map(({ owner }) => owner)),
  );
  for (const model of books.built.model.ingresses) {
    const reached = targets(model);
    const isLost = !model.canary && !owners.has(model) && hasPaths(model);
    for (const annotation of books.annotations.get(model.ingress) ?? []) {
      const verdict = judge(annotation, model, books, isLost);
      const own = verdict.findings ?? noFindings;
      for (const reported of own) findings.push(reported);
      outcomes.push({
        subject: {
          kind: 'annotation',
          name: annotation.key,
          value: annotation.raw.slice(0, 200),
          origin: annotation.origin,
        },
        status: verdict.status,
        fidelity: verdict.fidelity,
        targets: verdict.status === 'converted' ? reached : noTargets,
        reason: verdict.reason ?? '',
        findings: own,
      });
    }
  }
  return { outcomes, findings };
}

const noFindings: readonly Finding[] = [];

function hasPaths({ ingress }: ModelIngress): boolean {
  return ingress.rules.some(({ paths = [] }) => paths.length > 0);
}

/** @param isLost every path of the Ingress belongs to another one, which came first */
function judge(annotation: Annotation, model: ModelIngress, books: Books, isLost: boolean): Verdict {
  const scope = { kind: 'ingress' as const, ingress: model.ingress.ref };
  const at = { origin: annotation.origin, scope };
  if (annotation.kind === 'class')
    return { status: 'not-needed', reason: 'It selects the controller; the Gateway replaces it.' };
  if (annotation.kind === 'foreign')
    return {
      status: 'no-effect-today',
      reason: `ingress-nginx does not read it: it belongs to ${annotation.owner}.`,
    };
  if (model.state.kind === 'waiting')
    return { status: 'manual', reason: `${model.state.reason}.`, findings: [model.state.finding] };
  if (model.state.kind !== 'served')
    return {
      status: 'no-effect-today',
      reason: `ingress-nginx does not serve the Ingress: ${model.state.reason}.`,
    };
  if (annotation.kind === 'companion') return judgeCompanion(annotation, model, books.options, books.lookup);
  if (annotation.kind === 'unknown') {
    return {
      status: 'unknown',
      findings: [
        finding(
          findingTypes.unknownAnnotation,
          { name: annotation.key, suggestions: annotation.suggestions, note: annotation.note },
          at,
        ),
      ],
    };
  }
  return annotation.kind === 'known'
    ? judgeKnown(annotation, model, books, isLost, at)
    : { status: 'unknown' };
}

function judgeKnown(
  annotation: KnownAnnotation,
  model: ModelIngress,
  { converted, mappings }: Books,
  isLost: boolean,
  at: Parameters<typeof finding>[2] & object,
): Verdict {
  const { mapping, problem } = annotation;
  if (annotation.shadowed)
    return {
      status: 'no-effect-today',
      reason: `The same setting under its newer name ${mapping.name} counts.`,
    };
  if (problem !== undefined) {
    const args = { name: mapping.name, value: annotation.raw.slice(0, 200), reason: problem.reason };
    const told_ =
      problem.consequence === 'fail-open'
        ? finding(findingTypes.failsOpen, args, at)
        : finding(findingTypes.invalidValue, { ...args, consequence: problem.consequence }, at);
    return { status: 'invalid', findings: [told_] };
  }
  if (annotation.value === undefined)
    return { status: 'no-effect-today', reason: 'A blank value counts as not set.' };
  if (isSnippet(annotation) && !model.annotations.has(mapping.name)) {
    return {
      status: 'no-effect-today',
      reason: 'Snippets are not allowed by the controller, so it never acted.',
    };
  }
  const claim = converted.claims.get(annotation);
  if (claim !== undefined) return claimed(claim, annotation);
  if (isLost && mapping.scope === 'location')
    return {
      status: 'no-effect-today',
      reason: 'None of the paths of its Ingress acts today: other Ingresses have them and come first.',
    };
  switch (mapping.action.kind) {
    case 'none':
      if (mapping.fidelity === 'impossible') {
        return {
          status: 'impossible',
          findings: [
            finding(findingTypes.impossible, { name: mapping.name, advice: mapping.action.advice }, at),
          ],
        };
      }
      if (mapping.fidelity === 'manual') {
        return {
          status: 'manual',
          findings: [
            finding(findingTypes.notConverted, { name: mapping.name, note: mapping.action.advice }, at),
          ],
        };
      }
      return { status: 'not-needed', fidelity: mapping.fidelity, reason: mapping.action.advice };
    case 'model':
      return { status: 'converted', fidelity: mapping.fidelity };
    default:
      if (mappings.find(mapping.name)?.fidelity === 'not-needed')
        return { status: 'not-needed', fidelity: 'not-needed', reason: mapping.note };
      return {
        status: 'manual',
        findings: [finding(findingTypes.notConverted, { name: mapping.name, note: mapping.note }, at)],
      };
  }
}

function claimed({ status, reason = '', fidelity, findings }: Claim, { mapping }: KnownAnnotation): Verdict {
  return {
    status,
    reason,
    fidelity: fidelity ?? (status === 'converted' ? mapping.fidelity : undefined),
    ...(findings !== undefined && { findings }),
  };
}
