import {
  type Choice,
  type Decision,
  type DecisionScope,
  keyOf,
  type OptIns,
  sortDecisions,
} from '../domain/decision.ts';
import { type EditedFile, loadChecked, refuse } from '../text/checked-yaml.ts';
import { fingerprintOf } from './fingerprint.ts';
import { weakens } from './protection.ts';
import schema from './schema.json' with { type: 'json' };

/** A decision as the file holds it, checked by the schema. */
interface Written {
  readonly annotation?: string;
  readonly finding?: string;
  readonly is?: string;
  readonly fingerprints?: readonly string[];
  readonly about?: string;
  readonly scope:
    | 'everywhere'
    | { readonly ingress?: string; readonly namespace?: string; readonly group?: readonly string[] };
  readonly choice: Choice['kind'];
  readonly use?: OptIns;
  readonly value?: string;
  readonly note?: string;
  readonly owner?: string;
  readonly by: string;
  readonly at: string;
  readonly why?: string;
}

/**
 * Reads the text of a decisions file; `name` is for messages.
 * @throws {ConfigError} with file, line and column of each problem
 */
export function readDecisions(text: string, name: string): Decision[] {
  if (text.trim() === '') return [];
  const file = editedFile(name);
  const value = loadChecked(text, file);
  const written = (value as { decisions: readonly Written[] }).decisions;
  const decisions = written.map(decisionOf);
  const problems = written.flatMap((one, index) =>
    problemsOf(one).map((problem) => ({ path: ['decisions', index], text: problem })),
  );
  const seen = new Map<string, number>();
  for (const [index, decision] of decisions.entries()) {
    const key = keyOf(decision);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else
      problems.push({
        path: ['decisions', index],
        text: `decides what decision ${first + 1} of the file has decided already`,
      });
  }
  refuse(text, problems, file);
  return sortDecisions(decisions);
}

function editedFile(name: string): EditedFile {
  return {
    name,
    schema,
    remedy: 'Correct the decisions file; docs/review.md describes its format.',
    subjectOf: (path) => path.filter((part) => typeof part === 'string' && part !== 'decisions').join('.'),
    shapes: 'is everywhere, or one of ingress, namespace and group',
  };
}

function decisionOf(written: Written): Decision {
  const { annotation, finding, is, fingerprints = [], about, scope, choice, by, at, why } = written;
  const given = is === undefined || annotation === undefined ? [] : [fingerprintOf(annotation, is)];
  const { use, value, note, owner } = written;
  return {
    finding,
    annotation,
    fingerprints: [...new Set([...fingerprints, ...given])].sort(),
    about: about ?? is ?? '',
    scope: scopeOf(scope),
    choice: {
      kind: choice,
      ...(use !== undefined && { use }),
      ...(value !== undefined && { value }),
      ...(note !== undefined && { note }),
      ...(owner !== undefined && { owner }),
    },
    by,
    at,
    why: why ?? '',
  };
}

function scopeOf(scope: Written['scope']): DecisionScope {
  if (scope === 'everywhere') return { kind: 'everywhere' };
  if (scope.ingress !== undefined) return { kind: 'ingress', ingress: scope.ingress };
  if (scope.namespace !== undefined) return { kind: 'namespace', namespace: scope.namespace };
  return { kind: 'group', ingresses: [...new Set(scope.group ?? [])].sort() };
}

/** What the schema cannot say. */
function problemsOf(written: Written): string[] {
  const { annotation, finding, is, fingerprints, scope, choice, use, value, note, why } = written;
  const problems: string[] = [];
  if (annotation === undefined && finding === undefined)
    problems.push('names neither an annotation nor a finding');
  if (annotation !== undefined && is === undefined && fingerprints === undefined)
    problems.push('needs is or fingerprints: the value of the annotation that it is about');
  if (annotation === undefined && ['opt-in', 'value', 'leave-out'].includes(choice))
    problems.push(`${choice} needs an annotation`);
  if (choice === 'opt-in' && use === undefined) problems.push('opt-in needs use');
  if (choice === 'value' && value === undefined) problems.push('the choice value needs a value');
  if (choice === 'manual' && (note ?? '').trim() === '') problems.push('manual needs a note');
  if (choice === 'skip' && scope === 'everywhere') problems.push("skip can't apply everywhere");
  if (weakens(choice, annotation, finding) && (why ?? '').trim() === '')
    problems.push(`${choice} may weaken a protection here, so it needs why`);
  return problems;
}
