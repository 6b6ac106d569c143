import { weakens } from '../decisions/protection.ts';
import type { Choice, ChoiceKind, OptIns } from '../domain/decision.ts';
import type { Row } from './rows.ts';

/** A choice that a row really has, before the person is asked for its parts. */
export interface Offer {
  readonly kind: ChoiceKind;
  readonly use?: OptIns;
  /** What happens then, in a few words. */
  readonly text: string;
  /** What the person still has to say. */
  readonly asks: readonly Ask[];
}

export type Ask = 'value' | 'provider' | 'note' | 'owner' | 'why';

/** A set of opt-ins, and the annotations that it could help; whether it does is found by trying (`preview.ts`). */
export interface Candidate {
  readonly use: OptIns;
  readonly text: string;
  readonly asks: readonly Ask[];
  readonly about: RegExp;
}

export const candidates: readonly Candidate[] = [
  {
    use: { envoyFilters: 'allow' },
    text: 'write EnvoyFilters for these locations',
    asks: [],
    about: /./,
  },
  {
    use: { extAuthProvider: 'provider' },
    text: 'use an extension provider of the mesh',
    asks: ['provider'],
    about: /\/auth-|\/enable-global-auth$/,
  },
  {
    use: { envoyFilters: 'allow', inlineSecrets: true },
    text: 'write EnvoyFilters with the users of the Secret in them',
    asks: [],
    about: /\/auth-(?:type|secret|realm)/,
  },
  {
    use: { corsOnEveryResponse: true },
    text: 'send the headers on every response',
    asks: [],
    about: /cors/,
  },
];

/** The annotations that a row is about, sorted. */
export function annotationsOf(row: Row): string[] {
  return [
    ...new Set(row.places.flatMap(({ annotation }) => (annotation?.includes('/') ? [annotation] : []))),
  ].sort();
}

/** @param helpful indexes of `candidates` that make a difference for this row */
export function offersOf(row: Row, helpful: readonly number[]): Offer[] {
  const annotations = annotationsOf(row);
  const whyFor = (kind: ChoiceKind): readonly Ask[] =>
    annotations.some((annotation) => weakens(kind, annotation, row.code)) ||
    row.findings.some(({ type }) => weakens(kind, undefined, type.code))
      ? ['why']
      : [];
  const offers: Offer[] = [
    {
      kind: 'accept',
      text: row.risk === 'closed' ? 'keep the 503' : 'accept the output as it is',
      asks: whyFor('accept'),
    },
    ...helpful.map((index): Offer => {
      const { use, text, asks } = candidates[index]!;
      return { kind: 'opt-in', use, text, asks };
    }),
  ];
  if (annotations.length === 1)
    offers.push({ kind: 'value', text: 'use another value', asks: ['value', ...whyFor('value')] });
  if (annotations.length > 0)
    offers.push({
      kind: 'leave-out',
      text: row.risk === 'closed' ? 'serve without this protection' : 'remove the annotation',
      asks: whyFor('leave-out'),
    });
  offers.push({ kind: 'manual', text: 'you migrate it manually', asks: ['note', 'owner'] });
  if (row.ingresses.length > 0 && row.places.every(({ ingress }) => ingress !== undefined))
    offers.push({ kind: 'skip', text: 'skip these Ingresses', asks: ['why'] });
  offers.push({ kind: 'later', text: 'decide later', asks: [] });
  return offers;
}

/**
 * The offer that the recommended answer is: an EnvoyFilter where one helps, no annotation where nginx ignores its value, else, for
 * a decision of the whole gateway, what was applied, or a task for the platform team. Undefined where people have to weigh it.
 */
export function recommendedOffer(row: Row, offers: readonly Offer[]): Offer | undefined {
  const plain = (kind: ChoiceKind) => offers.find((offer) => offer.kind === kind && offer.asks.length === 0);
  if (row.gateway !== undefined)
    return row.gateway.flags === '' ? plain('accept') : offers.find(({ kind }) => kind === 'manual');
  if (row.findings.some(({ type }) => ignoredToday.has(type.code))) return plain('leave-out');
  return plain('opt-in');
}

const ignoredToday: ReadonlySet<string> = new Set(['annotation/invalid', 'annotation/unknown']);

/** What the parts of the recommended answer are where people would be asked for them. */
export function recommendedAnswers({ gateway }: Row): Readonly<Partial<Record<Ask, string>>> {
  return gateway === undefined ? {} : { note: gateway.recommended, owner: 'platform team' };
}

/** The choice that an offer becomes with the answers given. */
export function choiceOf(offer: Offer, answers: Readonly<Partial<Record<Ask, string>>>): Choice {
  switch (offer.kind) {
    case 'opt-in':
      return {
        kind: 'opt-in',
        use: {
          ...offer.use,
          ...(answers.provider !== undefined && { extAuthProvider: answers.provider.trim() }),
        },
      };
    case 'value':
      return { kind: 'value', value: answers.value ?? '' };
    case 'manual':
      return {
        kind: 'manual',
        note: answers.note ?? '',
        ...((answers.owner ?? '') !== '' && { owner: answers.owner! }),
      };
    default:
      return { kind: offer.kind };
  }
}
