import { load } from 'js-yaml';
import { YAML_OPTIONS } from './schema.ts';

const [ZERO, NINE] = [48, 57];

/** Plain texts that are no texts for YAML, as Kubernetes writes them; and what may be none either: js-yaml says what that is. */
const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const longestWord = 5;
const unlikeText =
  /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?(?:[0-9]*\.?[0-9]*(?:e[-+]?[0-9]+)?|0[xo][0-9a-f]+|\.inf|\.nan))$/i;

/** Canonical, so that writing the number gives the text again. */
export function isInteger(text: string): boolean {
  if (text.length > 15 || (text.charCodeAt(0) === ZERO && text.length > 1)) return false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char < ZERO || char > NINE) return false;
  }
  return true;
}

/** The value of a plain scalar, as js-yaml has it. */
export function plainValue(text: string): unknown {
  if (isInteger(text)) return Number(text);
  if (text.length > longestWord && text.charCodeAt(0) > NINE) return text;
  const constant = constants.get(text);
  if (constant !== undefined) return constant;
  return unlikeText.test(text) ? load(text, YAML_OPTIONS) : text;
}
