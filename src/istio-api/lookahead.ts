/** A pattern of nginx without its negative look-aheads, and what each of them forbids at its place. */
export interface Parted {
  readonly pattern: string;
  /** Patterns that must not match from the start of the path on. */
  readonly not: readonly string[];
}

/** Characters, escapes and classes that stand for one character each: whatever comes after them has one place to match. */
const fixedLength = /^\^?(?:[\w/~%:@!,;=&<>"'` .-]|\\[^\w]|\[\^?\]?(?:\\.|[^\]\\])*\])*/;

/**
 * RE2 has no look-around, but a negative look-ahead with a fixed number of characters before it is a second pattern that
 * must not match: `/(?!api|docs).*` is `/.*` without `/(?:api|docs)`. Undefined for every other use of look-around.
 */
export function partLookaheads(pattern: string): Parted | undefined {
  let rest = pattern;
  let before = '';
  const not: string[] = [];
  for (;;) {
    const fixed = fixedLength.exec(rest)![0];
    before += fixed;
    rest = rest.slice(fixed.length);
    if (!rest.startsWith('(?!')) break;
    const end = closing(rest);
    if (end === undefined) return undefined;
    not.push(`${before}(?:${rest.slice(3, end)})`);
    rest = rest.slice(end + 1);
    // A quantifier here would be one of the look-ahead itself.
    if (/^[*+?{]/.test(rest)) return undefined;
  }
  // What is left begins with a quantifier of the last fixed character, which is then no longer fixed.
  if (
    not.length === 0 ||
    (before !== '' && /^[*+?{]/.test(rest) && not.some((one) => one.startsWith(`${before}(`)))
  )
    return undefined;
  return /\(\?(?:[!=>]|<[!=])/.test(rest) ? undefined : { pattern: before + rest, not };
}

/** The place of the parenthesis that closes the first one. */
function closing(text: string): number | undefined {
  let depth = 0;
  let inClass = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '\\') index++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '(') depth++;
    else if (character === ')' && --depth === 0) return index;
  }
  return undefined;
}
