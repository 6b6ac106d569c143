/** The file that is looked for beside the input where no other is named. */
export const usualDecisionsFile = 'ingress2istio.decisions.yaml';

/** Names the shape of the file; `schema.json` describes it. */
export const decisionsSchema = 'ingress2istio/decisions/v1';

/**
 * What a person can decide of a place of the input.
 * - `accept`: what the conversion does is good enough.
 * - `opt-in`: carry it over with choices that are off for all others, as in `use`.
 * - `value`: go on as if the annotation said `value`.
 * - `leave-out`: go on as if the annotation were not there.
 * - `manual`: `owner` does it by hand, as `note` says.
 * - `skip`: leave the whole Ingress out.
 * - `later`: seen, and not decided.
 */
export type ChoiceKind = 'accept' | 'opt-in' | 'value' | 'leave-out' | 'manual' | 'skip' | 'later';

/** Choices that are switched on for one annotation alone. */
export interface OptIns {
  readonly inlineSecrets?: boolean;
  readonly corsOnEveryResponse?: boolean;
  readonly forwardedHeaders?: boolean;
  readonly envoyFilters?: 'allow';
  readonly extAuthProvider?: string;
}

export interface Choice {
  readonly kind: ChoiceKind;
  /** For `opt-in`. */
  readonly use?: OptIns;
  /** For `value`. */
  readonly value?: string;
  /** For `manual`. */
  readonly note?: string;
  readonly owner?: string;
}

/** Where a decision holds. Ingresses are `namespace/name`, sorted. */
export type DecisionScope =
  | { readonly kind: 'ingress'; readonly ingress: string }
  | { readonly kind: 'group'; readonly ingresses: readonly string[] }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'everywhere' };

export interface Decision {
  /** The code of a finding; undefined: whatever is told of the annotation. */
  readonly finding: string | undefined;
  /** Key with prefix; undefined for a finding that stands at none. */
  readonly annotation: string | undefined;
  /** Values that the person saw (`fingerprint.ts`), sorted; empty without an annotation. */
  readonly fingerprints: readonly string[];
  /** What it is about, for the reader of the file; means nothing to us. */
  readonly about: string;
  readonly scope: DecisionScope;
  readonly choice: Choice;
  /** Who decided. */
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  /** '' where none was given. */
  readonly why: string;
}

/** Two decisions of one key answer the same question, so there can be one of them only. */
export function keyOf({ annotation, finding, fingerprints, scope }: Decision): string {
  return JSON.stringify([annotation ?? '', finding ?? '', fingerprints, scopeText(scope)]);
}

/** What is decided, without who and when: two people who agree do not conflict. */
export function substanceOf({ choice }: Decision): string {
  const { kind, use = {}, value, note, owner } = choice;
  const used = Object.entries(use).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([kind, used, value ?? null, note ?? '', owner ?? '']);
}

/** In the order of the file: by annotation, finding, values and scope. */
export function sortDecisions(decisions: readonly Decision[]): Decision[] {
  return decisions
    .map((decision) => ({ decision, key: keyOf(decision) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ decision }) => decision);
}

/** As in `everywhere`, `namespace shop`, `shop/web` or `3 Ingresses (shop/a, shop/b, shop/c)`. */
export function scopeText(scope: DecisionScope): string {
  switch (scope.kind) {
    case 'everywhere':
      return 'everywhere';
    case 'namespace':
      return `namespace ${scope.namespace}`;
    case 'ingress':
      return scope.ingress;
    case 'group':
      return `${scope.ingresses.length} Ingresses (${scope.ingresses.join(', ')})`;
  }
}

/** In a few words, as in `accept`, `opt-in (envoyFilters)`, `value "60"` or `manual by anna: WAF`. */
export function choiceText({ kind, use, value, note, owner }: Choice): string {
  switch (kind) {
    case 'opt-in':
      return `opt-in (${Object.entries(use ?? {})
        .map(([name, setting]) =>
          typeof setting === 'string' && name !== 'envoyFilters' ? `${name} ${setting}` : name,
        )
        .join(', ')})`;
    case 'value':
      return `value ${JSON.stringify(value ?? '')}`;
    case 'manual':
      return `manual${owner === undefined || owner === '' ? '' : ` by ${owner}`}${note === undefined || note === '' ? '' : `: ${note}`}`;
    default:
      return kind;
  }
}

/** Whether the choice changes the objects that come out. */
export function acts({ choice }: Decision): boolean {
  return choice.kind === 'opt-in' || choice.kind === 'value' || choice.kind === 'leave-out';
}
