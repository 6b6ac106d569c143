/**
 * Strings as YAML scalars. A plain scalar is only written where every reader takes it for a string: those of YAML 1.2 and those
 * of 1.1, which istioctl and kubectl are (sigs.k8s.io/yaml) and which also know `on`, `012`, `1:30` and `2024-01-01`.
 */

const plain = /^[A-Za-z/][\w./+@=,;()$%*?!|&^~<>\\[\]{}-]*(?:[ :][\w./+@=,;()$%*?!|&^~<>\\[\]{}-]+)*$/;
/** Begin with a digit or a dot, and still are nothing but strings: `30s`, `10.0.0.0/8`, `./shop.example.com`. */
const plainDigits = /^(?:\d+(?:ms|s|m|h)|\d+\.\d+\.\d+\.\d+\/\d+|\.\/[A-Za-z][\w.-]*)$/;
const reserved = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
/** What a terminal, an editor or a YAML reader would act on: controls, bidirectional overrides, line separators … */
const invisible = /[\p{C}\p{Zl}\p{Zp}\u00a0\u3164]/u;
const eachInvisible = new RegExp(invisible, 'gu');
const ascii = /^[\x20-\x7e]*$/;
/** A literal block gives such a text back exactly: no line begins or ends with white space, and one newline at most ends it. */
const blockLines = /^[^\s][^\n]*(?:\n[^\n]+|\n(?=\n[^\n]))*\n?$/;
const looseSpace = /^\s|[^\S\n](?:\n|$)/;
/** Longer texts go into quotes without a look at their structure. */
const longestPlain = 1000;
const longestBlock = 100_000;

/** A string as a scalar on one line: plain, in single or in double quotes. A lone surrogate becomes U+FFFD, as it does in UTF-8. */
export function inlineScalar(text: string): string {
  if (text.length <= longestPlain && isPlain(text)) return text;
  return ascii.test(text) || !invisible.test(text) ? `'${text.replaceAll("'", "''")}'` : doubleQuoted(text);
}

/** A text of several lines as a literal block, indented by `indent`; undefined where only quotes keep it exact. */
export function blockScalar(text: string, indent: string): string | undefined {
  if (!text.includes('\n') || text.length > longestBlock) return undefined;
  if (!blockLines.test(text) || looseSpace.test(text)) return undefined;
  const lines = text.split('\n');
  if (lines.some((line) => invisible.test(line))) return undefined;
  const ended = lines.at(-1) === '';
  if (ended) lines.pop();
  const body = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
  return `${ended ? '|' : '|-'}\n${body}`;
}

function isPlain(text: string): boolean {
  return plain.test(text) ? text.length > 5 || !reserved.test(text) : plainDigits.test(text);
}

function doubleQuoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')).replace(eachInvisible, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
