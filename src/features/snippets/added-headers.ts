import type { ObservableField } from '../../domain/findings.ts';
import { type Directive, walk } from '../../nginx/directives/parse.ts';
import type { Effect } from '../../plan/effect.ts';
import { replacedInIf } from './findings.ts';
import { type Scope, tell, type Verdict, withFields } from './scope.ts';

/** nginx sends each of several `add_header` lines of one name; in one map of names their values stand side by side. */
export function joinAddedHeaders(directives: readonly Directive[], verdicts: Map<Directive, Verdict>): void {
  const added = new Map<string, string>();
  for (const directive of directives) {
    const verdict = verdicts.get(directive);
    if (directive.name !== 'add_header' || verdict?.status !== 'converted') continue;
    const effects = verdict.effects.map((effect): Effect => {
      const [entry] = effect.kind === 'response-headers' ? Object.entries(effect.response.add ?? {}) : [];
      if (effect.kind !== 'response-headers' || entry === undefined) return effect;
      const [name, value] = entry;
      const before = added.get(name);
      const joined = before === undefined ? value : `${before}, ${value}`;
      added.set(name, joined);
      return { ...effect, response: { add: { [name]: joined } } };
    });
    verdicts.set(directive, { ...verdict, effects });
  }
}

/** Headers that are added come behind those that are set, whatever the order of the lines, as in nginx. */
export function ordered(
  directives: readonly Directive[],
  verdicts: ReadonlyMap<Directive, Verdict>,
): readonly Effect[] {
  const effects = [...walk(directives)].flatMap((directive) => verdicts.get(directive)?.effects ?? []);
  const adds = (effect: Effect): boolean =>
    (effect.kind === 'response-headers' || effect.kind === 'status-headers') &&
    effect.response.add !== undefined;
  return [...effects.filter((effect) => !adds(effect)), ...effects.filter(adds)];
}

/** In an `if` with add_header lines those of the location around do not count (seen on nginx 1.22); here both do. */
export function tellOfReplacedHeaders(
  directives: readonly Directive[],
  scope: Scope,
  verdicts: Map<Directive, Verdict>,
): void {
  const adds = (block: readonly Directive[]): string[] =>
    block.flatMap(({ name, args }) => (name === 'add_header' ? [args[0]?.text.toLowerCase() ?? ''] : []));
  const outside = adds(directives);
  if (outside.length === 0) return;
  for (const directive of directives) {
    const verdict = verdicts.get(directive);
    if (directive.name !== 'if' || typeof directive.block !== 'object' || verdict?.status !== 'converted')
      continue;
    const inside = adds(directive.block);
    if (inside.length === 0) continue;
    const fields = outside.map((name) => `response-header:${name}` as const);
    const reported = tell(
      withFields(replacedInIf, fields),
      { headers: outside.join(', ') },
      directive,
      scope,
    );
    verdicts.set(directive, {
      ...verdict,
      fidelity: 'approximate',
      findings: [...verdict.findings, reported],
    });
  }
}

/** The response headers that a directive's effects touch. */
export function fieldsOf(verdict: Verdict | undefined): ObservableField[] {
  return (verdict?.effects ?? []).flatMap((effect) => {
    if (effect.kind !== 'response-headers' && effect.kind !== 'status-headers') return [];
    const { set = {}, add = {}, remove = [] } = effect.response;
    return [...Object.keys(set), ...Object.keys(add), ...remove].map(
      (name) => `response-header:${name}` as const,
    );
  });
}
