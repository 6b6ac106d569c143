/**
 * The index of the brace that closes a Lua block whose content begins at `from`; undefined where there is none. Braces in
 * strings, long strings and comments do not count.
 */
export function skipLuaBlock(text: string, from: number): number | undefined {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const char = text[at];
    if (char === '{') depth++;
    else if (char === '}') {
      if (depth === 0) return at;
      depth--;
    } else if (char === '"' || char === "'") {
      at = endOfString(text, at, char);
      continue;
    } else if (char === '-' && text[at + 1] === '-') {
      at = endOfLong(text, at + 2) ?? endOfLine(text, at);
      continue;
    } else if (char === '[') {
      at = endOfLong(text, at) ?? at + 1;
      continue;
    }
    at++;
  }
  return undefined;
}

function endOfString(text: string, from: number, quote: string): number {
  let at = from + 1;
  while (at < text.length && text[at] !== quote && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline;
}

/** The index behind a long bracket `[==[ … ]==]` that begins at `from`; undefined where none begins. */
function endOfLong(text: string, from: number): number | undefined {
  if (text[from] !== '[') return undefined;
  let level = from + 1;
  while (text[level] === '=') level++;
  if (text[level] !== '[') return undefined;
  const closing = `]${'='.repeat(level - from - 1)}]`;
  const end = text.indexOf(closing, level + 1);
  return end === -1 ? text.length : end + closing.length;
}
