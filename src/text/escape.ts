/**
 * Everything in a report may come from a hostile input. These functions make text of it, one for each format; nothing
 * reaches a report on another way.
 */

/** Longest value that a report shows, in characters. */
export const longestValue = 200;
/** Longest message or remedy. */
export const longestText = 2000;

export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** What a terminal, an editor or a browser would act on instead of showing it: controls, directions, joiners, surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const plain = /^[\x20-\x7e]*$/;

/** One line of text for a terminal: `\n`, `\x1b` and `\u202e` stand for characters that cannot be seen. */
export function visible(text: string, longest = longestText): string {
  const short = shorten(text, longest);
  return plain.test(short) ? short : short.replace(unseen, named);
}

function named(character: string): string {
  const short = shortNames[character];
  if (short !== undefined) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text of Markdown (GitHub's), also inside a table: every character that could mean something is escaped. Within a word, `_` means nothing. */
export function markdownText(text: string, longest = longestText): string {
  return visible(text, longest)
    .replace(/[\\`*[\]|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/^(\s*\d*)([#+=.)-])/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '&#64;')
    .replace(/(https?|ftp)(:)/gi, '$1&#58;')
    .replace(/www\./gi, 'www&#46;');
}

/** A code span of Markdown, also inside a table. */
export function markdownCode(text: string, longest = longestValue): string {
  const shown = visible(text, longest);
  if (shown.trim() === '') return shown === '' ? '' : '` `';
  const fence = fenceFor(shown, 1);
  const space = /^`|`$|^ .* $/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown.replaceAll('|', '\\|')}${space}${fence}`;
}

/** A fenced block of Markdown; line breaks stay. */
export function markdownBlock(text: string, language: string): string {
  const lines = text.split('\n').map((line) => visible(line));
  const fence = fenceFor(text, 3);
  return `${fence}${language}\n${lines.join('\n')}\n${fence}\n`;
}

/** More backticks than any run of them inside. */
function fenceFor(text: string, least: number): string {
  const longest = Math.max(least - 1, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return '`'.repeat(longest + 1);
}

/** JSON on one line that is safe to print: what cannot be seen is escaped, and reads back as it was. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value);
  return plain.test(text) ? text : text.replace(unseen, jsonEscaped);
}

/** The same for a text alone. */
export function jsonText(text: string): string {
  return unquoted.test(text) ? `"${text}"` : jsonLine(text);
}

/** What stands in JSON as it is. */
const unquoted = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function jsonEscaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/** Text between the tags of XML 1.0. */
export function xmlText(text: string, longest = longestText): string {
  return visible(text, longest)
    .replace(/[\ufffe\uffff]/g, named)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Text inside double quotes of XML 1.0 and of HTML. */
export function xmlAttribute(text: string, longest = longestText): string {
  return xmlText(text, longest).replace(/"/g, '&quot;');
}
