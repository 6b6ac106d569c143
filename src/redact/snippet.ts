import { protectionDirective, publicDirectives, publicValues } from './public-words.ts';
import type { Renaming } from './renaming.ts';
import { redactText, redactWords } from './text.ts';

/** Where a directive's name may stand: after a line, a `;`, or a brace. */
const names = /(^|[;{}\n])([ \t\r]*)([A-Za-z_]\w*)(?=[\s;{])/g;

/** nginx configuration: the names of known directives stay, and its syntax; all else is words. */
export function redactSnippet(text: string, renaming: Renaming): string {
  let result = '';
  let end = 0;
  for (const { 0: match, 1: before = '', 2: space = '', 3: name = '', index } of text.matchAll(names)) {
    const start = index + before.length + space.length;
    if (start < end) continue;
    result += redactText(text.slice(end, start), 'words', renaming) + redactDirective(name, renaming);
    end = index + match.length;
  }
  return result + redactText(text.slice(end), 'words', renaming);
}

function redactDirective(name: string, renaming: Renaming): string {
  if (publicDirectives.has(name) || publicValues.has(name)) return name;
  const kept = protectionDirective.exec(name)?.[0] ?? '';
  return kept + redactWords(name.slice(kept.length), renaming);
}
