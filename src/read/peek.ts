/** What an object says it is. */
export interface Identity {
  readonly apiVersion?: string;
  readonly kind?: string;
}

const VALUE = `:[ \\t]+["']?([A-Za-z0-9][\\w.\\-/]*)["']?[ \\t]*(?:#[^\\n]*)?\\r?$`;
const DOCUMENT_KIND = new RegExp(`^kind${VALUE}`, 'm');
const DOCUMENT_VERSION = new RegExp(`^apiVersion${VALUE}`, 'm');

/**
 * The kind of an object in block style, without parsing it. A line at the column of the first key is a key of the object and
 * nothing else: what belongs to another key stands further right.
 */
export function peekDocument(text: string): Identity {
  const begin = /^(?:---[ \t]*(?:#[^\n]*)?\r?\n)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[A-Za-z][A-Za-z0-9]*:/.exec(
    text,
  );
  if (begin === null) return {};
  return identity(DOCUMENT_VERSION.exec(text)?.[1], DOCUMENT_KIND.exec(text)?.[1]);
}

/** The same for an entry of a list, a text that begins with its dash. */
export function peekItem(text: string): Identity {
  const begin = /^( *- +)([A-Za-z][A-Za-z0-9]*):/.exec(text);
  if (begin === null) return {};
  const column = begin[1]!.length;
  return identity(keyValue('apiVersion', text, column), keyValue('kind', text, column));
}

function keyValue(key: string, text: string, column: number): string | undefined {
  const needle = `${key}:`;
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const lineStart = text.lastIndexOf('\n', at) + 1;
    if (at - lineStart !== column || !isLead(text, lineStart, at)) continue;
    return new RegExp(`${key}${VALUE}`, 'my').exec(text.slice(at, endOfLine(text, at)))?.[1];
  }
  return undefined;
}

/** Whether only space stands before the key, or the dash of the entry. */
function isLead(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const char = text[at];
    if (char !== ' ' && !(char === '-' && from === 0)) return false;
  }
  return true;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function identity(apiVersion: string | undefined, kind: string | undefined): Identity {
  return { ...(apiVersion === undefined ? {} : { apiVersion }), ...(kind === undefined ? {} : { kind }) };
}
