/** A word of the input, in lower case → what stands for it. */
export type Placeholders = ReadonlyMap<string, string>;

interface Link {
  readonly word: string;
  readonly placeholder: string;
  last: string | undefined;
}

/** Characters that may stand for each other, from the first to the last: so a placeholder is as long as its word, in bytes, too. */
const classes = ['09', 'az', 'àö', '一鿿', '\u{20000}\u{2a6d0}'].map(
  (ends) => [...ends].map((character) => character.codePointAt(0)!) as [first: number, last: number],
);

/** Words that may be the placeholder of another one, the fewest that are enough. */
const leniency: readonly ((word: string) => boolean)[] = [
  (word) => word.length === 1,
  (word) => word.length < 4 || /^\d+$/.test(word),
  () => true,
];

/**
 * A placeholder for each word: as long, with digits and letters in the same places, and no word of the input itself. Placeholders sort
 * as their words do, and one begins with another exactly where the words do: nginx decides by length, by order of names, and by prefix.
 * Where that leaves no room, as with numbers from 00 to 99, a number or a word of up to three letters may be the placeholder of another.
 * The same set of words gives the same placeholders.
 * @param kept names that stay, and after which placeholders still sort as their words do
 * @param reserved words that mean something and so can't be placeholders
 */
export function placeholdersFor(
  words: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  reserved: ReadonlySet<string>,
): Placeholders {
  const sorted = [...new Set([...words, ...kept])].sort();
  for (const isFree of leniency) {
    const taken = new Set([...words].filter((word) => !isFree(word)));
    for (const word of reserved) taken.add(word);
    const given = give(sorted, words, taken);
    if (given !== undefined) return given;
  }
  const given = give([...words].sort(), words, new Set());
  if (given === undefined) throw new Error('There is a word without a placeholder.');
  return given;
}

/** Each word the first placeholder that is left for it; undefined where there is none. */
function give(
  sorted: readonly string[],
  words: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): Placeholders | undefined {
  const given = new Map<string, string>();
  /** Words each of which begins with the one before, and the last placeholder given below it. */
  const chain: Link[] = [{ word: '', placeholder: '', last: undefined }];
  /** The last name that stays and sorts before the word. */
  let floor = '';
  for (const word of sorted) {
    if (!words.has(word)) {
      floor = word;
      continue;
    }
    while (!word.startsWith(chain.at(-1)!.word)) chain.pop();
    const parent = chain.at(-1)!;
    const shape = shapeOf(word);
    let next = following(shape, parent.placeholder, parent.last);
    if (next !== undefined && next < floor) next = above(floor, shape, parent.placeholder, word) ?? next;
    while (next !== undefined && taken.has(next)) next = following(shape, parent.placeholder, next);
    if (next === undefined) return undefined;
    parent.last = next;
    given.set(word, next);
    chain.push({ word, placeholder: next, last: undefined });
  }
  return given;
}

type Shape = readonly (readonly [first: number, last: number])[];

function shapeOf(word: string): Shape {
  return [...word].map((character) => {
    const size = Buffer.byteLength(character);
    if (size > 1) return classes[size]!;
    return /\d/.test(character) ? classes[0]! : classes[1]!;
  });
}

/** The first string of the shape below `start` that sorts after all that begin with `last`. */
function following(shape: Shape, start: string, last: string | undefined): string | undefined {
  const fixed = codesOf(start);
  if (fixed.length > shape.length || !fits(fixed, shape, fixed.length)) return undefined;
  if (last === undefined) return fill(shape, fixed);
  const before = codesOf(last);
  for (let at = Math.min(before.length, shape.length) - 1; at >= fixed.length; at--) {
    const [first, highest] = shape[at]!;
    const code = Math.max(first, before[at]! + 1);
    if (code <= highest && fits(before, shape, at)) return fill(shape, [...before.slice(0, at), code]);
  }
  return undefined;
}

/** Beyond a name that stays: with another first letter where there is room, so that it does not look like the name. */
function above(floor: string, shape: Shape, start: string, word: string): string | undefined {
  if (start !== '') return undefined;
  const apart = following(shape, start, [...floor][0]);
  return apart !== undefined && apart <= word ? apart : following(shape, start, floor);
}

function fits(codes: readonly number[], shape: Shape, length: number): boolean {
  for (let at = 0; at < length; at++) {
    const [first, last] = shape[at]!;
    if (codes[at]! < first || codes[at]! > last) return false;
  }
  return true;
}

function fill(shape: Shape, start: readonly number[]): string {
  return String.fromCodePoint(...start, ...shape.slice(start.length).map(([first]) => first));
}

function codesOf(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0)!);
}

/** Without a difference of case in ASCII, which is what nginx and DNS ignore. */
export function folded(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The placeholder in the case of the word that it stands for. */
export function inCaseOf(word: string, placeholder: string): string {
  const letters = [...word];
  return [...placeholder]
    .map((letter, at) => (/[A-Z]/.test(letters[at] ?? '') ? letter.toUpperCase() : letter))
    .join('');
}
