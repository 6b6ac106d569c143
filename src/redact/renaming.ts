import type { RenamePart } from './addresses.ts';
import { addressPlaceholders } from './addresses.ts';
import { folded, inCaseOf, type Placeholders, placeholdersFor } from './words.ts';

/** What words and addresses become. */
export interface Renaming {
  word(word: string): string;
  /** A name of an object that stays, and by which others still sort. */
  name(name: string): string;
  readonly addressPart: RenamePart;
}

/** Collects what has to be replaced: a first pass over the input with `seeing`, then a second one with `renaming()`. */
export interface Collecting {
  readonly seeing: Renaming;
  renaming(): Renaming;
  /** Placeholder → word, for the people who have the input. */
  key(): ReadonlyMap<string, string>;
}

/** @param reserved words that keep their meaning and so can't be placeholders */
export function collecting(reserved: ReadonlySet<string>): Collecting {
  const words = new Set<string>();
  /** Objects without a namespace are in this one. */
  const kept = new Set(['default']);
  const parts = new Map<string, Set<string>>();
  const placeholders = () => placeholdersFor(words, kept, reserved);
  return {
    seeing: {
      word(word) {
        words.add(folded(word));
        return word;
      },
      name(name) {
        kept.add(name);
        return name;
      },
      addressPart(before, part) {
        parts.set(before, (parts.get(before) ?? new Set()).add(part));
        return part;
      },
    },
    renaming() {
      const known = placeholders();
      return {
        word: (word) => inCaseOf(word, placeholderOf(folded(word), known)),
        name: (name) => name,
        addressPart: addressPlaceholders(parts),
      };
    },
    key: () => new Map([...placeholders()].map(([word, placeholder]) => [placeholder, word])),
  };
}

/** A word that the first pass didn't see must not get through. */
function placeholderOf(word: string, known: Placeholders): string {
  const placeholder = known.get(word);
  if (placeholder === undefined) throw new Error('There is a word that was not collected.');
  return placeholder;
}
