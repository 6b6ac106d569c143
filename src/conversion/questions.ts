import type { Finding } from '../domain/findings.ts';
import { type ObjectSource, type Path, qualifiedName } from '../domain/origin.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Conversion } from './conversion.ts';
import { isOfGateway, levelOfFinding, levelOfOutcome } from './level.ts';
import { annotationAt, evenSpace, isSnippetKey } from './subject.ts';

/** What a person answers once, however many Ingresses ask it. docs/effort.md says when two things are one question. */
export interface Question {
  /** Unique and stable over runs: the same input asks the same question under the same key. */
  readonly key: string;
  readonly kind: 'snippet' | 'annotation' | 'finding' | 'subject';
  /**
   * `decision`: choose or accept; `work`: something has to be done or changed before traffic may move; `gateway`: the platform team
   * decides it once for all hosts, and no Ingress waits for it.
   */
  readonly level: 'decision' | 'work' | 'gateway';
  /** The code of a finding, the key of an annotation or the name of another subject. */
  readonly name: string;
  /** The value as written, in full; '' for a finding. */
  readonly value: string;
  /** `namespace/name` of the Ingresses that it concerns, sorted; empty for one about the platform. */
  readonly ingresses: readonly string[];
  /** Subjects that are settled with the answer, in the order of the conversion. */
  readonly outcomes: readonly Outcome[];
  /** Worst first, as given. */
  readonly findings: readonly Finding[];
  /** Requests of a log that it touches; undefined where no log was read. */
  readonly requests?: number;
}

/**
 * Groups like questions. A finding in a snippet belongs to the snippet's text, white space aside; one of the general codes
 * `annotation/…` to the annotation and its value; any other to its code. A subject that needs a person belongs to the
 * worst finding at its place, else to its own name and value.
 * @param findings every finding of the conversion once, worst first
 * @returns work first, then those that concern most Ingresses
 */
export function questionsOf(conversion: Conversion, findings: readonly Finding[]): Question[] {
  const drafts = new Map<string, Draft>();
  const names = nameFinder(conversion);
  const worstAt = worstByPlace(findings);
  for (const finding of findings) {
    if (levelOfFinding(finding) === 0 && !isOfGateway(finding)) continue;
    const draft = draftFor(drafts, subjectOfFinding(finding, names));
    draft.findings.add(finding);
    if (isOfGateway(finding)) draft.level = 'gateway';
    else if (levelOfFinding(finding) === 2) draft.level = 'work';
    for (const name of names.ofFinding(finding)) draft.ingresses.add(name);
  }
  for (const outcome of conversion.outcomes) {
    const finding = worstOf(outcome) ?? worstAt(outcome);
    const level = levelOfOutcome(outcome);
    if (level === 0 && (finding === undefined || levelOfFinding(finding) === 0)) continue;
    const draft = draftFor(
      drafts,
      finding === undefined ? subjectOf(outcome, names) : subjectOfFinding(finding, names),
    );
    draft.outcomes.push(outcome);
    if (finding !== undefined) draft.findings.add(finding);
    if (finding !== undefined && isOfGateway(finding)) draft.level = 'gateway';
    else if (level === 2 || outcome.status === 'manual') draft.level = 'work';
    const { ref } = outcome.subject.origin.source;
    if (ref.kind === 'Ingress') draft.ingresses.add(qualifiedName(ref));
  }
  return [...drafts]
    .map(([key, draft]): Question => {
      const { level, subject, ingresses, outcomes, findings: own } = draft;
      return { key, ...subject, level, ingresses: [...ingresses].sort(), outcomes, findings: [...own] };
    })
    .sort(byWeight);
}

type QuestionSubject = Pick<Question, 'kind' | 'name' | 'value'>;

interface Draft {
  readonly subject: QuestionSubject;
  readonly ingresses: Set<string>;
  readonly outcomes: Outcome[];
  readonly findings: Set<Finding>;
  level: Question['level'];
}

function draftFor(drafts: Map<string, Draft>, subject: QuestionSubject): Draft {
  const text = subject.kind === 'snippet' ? evenSpace(subject.value) : subject.value;
  const key = `${subject.kind} ${subject.name}${text === '' ? '' : `: ${text}`}`;
  const known = drafts.get(key);
  if (known !== undefined) return known;
  const draft: Draft = {
    subject,
    ingresses: new Set(),
    outcomes: [],
    findings: new Set(),
    level: 'decision',
  };
  drafts.set(key, draft);
  return draft;
}

const order: readonly Question['level'][] = ['work', 'decision', 'gateway'];

function byWeight(a: Question, b: Question): number {
  if (a.level !== b.level) return order.indexOf(a.level) - order.indexOf(b.level);
  if (a.ingresses.length !== b.ingresses.length) return b.ingresses.length - a.ingresses.length;
  return a.key < b.key ? -1 : 1;
}

interface NameFinder {
  ofFinding(finding: Finding): readonly string[];
  annotations(source: ObjectSource): ReadonlyMap<string, string> | undefined;
}

function nameFinder({ model }: Conversion): NameFinder {
  const annotations = new Map(
    model.ingresses.map(({ ingress }) => [ingress.source, ingress.annotations] as const),
  );
  const hosts = new Map<string, readonly string[]>();
  for (const { host, ingresses } of model.servers) {
    hosts.set(
      host,
      ingresses.map(({ ingress }) => qualifiedName(ingress.ref)),
    );
  }
  return {
    annotations: (source) => annotations.get(source),
    ofFinding({ origin, scope }) {
      if (origin?.source.ref.kind === 'Ingress') return [qualifiedName(origin.source.ref)];
      if (scope.kind === 'ingress') return [qualifiedName(scope.ingress)];
      if (scope.kind === 'host' || scope.kind === 'location') return hosts.get(scope.host) ?? [];
      return [];
    },
  };
}

function subjectOfFinding({ type, origin }: Finding, names: NameFinder): QuestionSubject {
  const annotation = annotationAt(origin, names.annotations);
  if (annotation !== undefined) {
    const { key, value } = annotation;
    if (isSnippetKey(key)) return { kind: 'snippet', name: key, value };
    if (type.code.startsWith('annotation/')) return { kind: 'annotation', name: key, value };
  }
  return { kind: 'finding', name: type.code, value: '' };
}

function subjectOf({ subject }: Outcome, names: NameFinder): QuestionSubject {
  const annotation = annotationAt(subject.origin, names.annotations);
  if (annotation === undefined) {
    return { kind: 'subject', name: `${subject.kind} ${subject.name}`, value: subject.value };
  }
  const { key, value } = annotation;
  return { kind: isSnippetKey(key) ? 'snippet' : 'annotation', name: key, value };
}

function worstOf({ findings }: Outcome): Finding | undefined {
  return findings.reduce<Finding | undefined>(
    (worst, finding) =>
      worst === undefined || levelOfFinding(finding) > levelOfFinding(worst) ? finding : worst,
    undefined,
  );
}

/**
 * The first, and so worst, finding at exactly the place of a subject. A closed path has its finding where the protection
 * is written, elsewhere in the same object.
 */
function worstByPlace(findings: readonly Finding[]): (outcome: Outcome) => Finding | undefined {
  const bySource = new Map<ObjectSource, Finding[]>();
  for (const finding of findings) {
    if (finding.origin === undefined) continue;
    const known = bySource.get(finding.origin.source);
    if (known === undefined) bySource.set(finding.origin.source, [finding]);
    else known.push(finding);
  }
  return ({ subject, status }) => {
    const { source, path } = subject.origin;
    const near = bySource.get(source) ?? [];
    const here = near.find(({ origin }) => samePath(origin?.path, path));
    if (status !== 'closed') return here;
    return near.find((finding) => levelOfFinding(finding) === 2) ?? here;
  };
}

function samePath(a: Path | undefined, b: Path): boolean {
  return a?.length === b.length && b.every((step, index) => a[index] === step);
}
