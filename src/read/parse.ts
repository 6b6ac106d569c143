import { load, YAMLException } from 'js-yaml';
import { MAX_EXPANSION } from './limits.ts';
import { YAML_OPTIONS } from './schema.ts';
import { parseTree, repeatedKeys } from './tree.ts';

export type Parsed =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** Keys given twice in one mapping; the last counts, as with kubectl. Offsets from the start of the text. */
      readonly repeated: readonly { readonly key: string; readonly start: number }[];
    }
  | {
      readonly ok: false;
      readonly problem: 'syntax' | 'unknown-alias' | 'expansion' | 'depth';
      /** js-yaml's own words. */
      readonly reason: string;
      readonly offset: number;
    };

/** js-yaml's reason for a text of comments alone. */
const NOTHING_THERE = 'expected a document, but the input is empty';

/** Reads a text of one YAML or JSON document. Never throws. */
export function parsePiece(text: string): Parsed {
  const first = parseYaml(text, false);
  if (first.ok || first.reason !== 'duplicated mapping key') return first;
  const lenient = parseYaml(text, true);
  if (!lenient.ok) return lenient;
  const tree = parseTree(text);
  return { ...lenient, repeated: tree === undefined ? [] : repeatedKeys(tree) };
}

/**
 * Reads a JSON text, ten times faster than as YAML. `members` is the number of `key: value` pairs that the text shows: fewer in
 * the result tell of a repeated key. What is not quite JSON (a comma too many) is read as YAML, as kubectl does.
 */
export function parseJsonPiece(text: string, members: number): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    if (countMembers(value) === members) return { ok: true, value, repeated: [] };
  } catch {
    // Told by the YAML reader, with a position.
  }
  return parsePiece(text);
}

function parseYaml(text: string, lastKeyCounts: boolean): Parsed {
  try {
    const value = load(text, { ...YAML_OPTIONS, json: lastKeyCounts });
    if (text.includes('*') && text.includes('&') && !expandsWithin(value, text.length + MAX_EXPANSION)) {
      return { ok: false, problem: 'expansion', reason: 'aliases expand too far', offset: text.indexOf('&') };
    }
    return { ok: true, value, repeated: [] };
  } catch (error) {
    const reason = error instanceof YAMLException ? error.reason : String(error);
    if (reason === NOTHING_THERE) return { ok: true, value: undefined, repeated: [] };
    const offset = error instanceof YAMLException ? (error.mark?.position ?? 0) : 0;
    return { ok: false, problem: problemOf(reason), reason, offset };
  }
}

function problemOf(reason: string) {
  if (reason.startsWith('unidentified alias')) return 'unknown-alias';
  if (reason.startsWith('merge keys exceeded') || reason.startsWith('abnormal merge')) return 'expansion';
  if (reason.startsWith('nesting exceeded')) return 'depth';
  return 'syntax';
}

/** Whether a value, written out without aliases, stays under a number of characters. Stops there, so that a bomb or a cycle costs no more. */
function expandsWithin(value: unknown, limit: number): boolean {
  let size = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    size += typeof next === 'string' ? next.length + 1 : 1;
    if (typeof next === 'object' && next !== null) {
      for (const key of Object.keys(next)) {
        size += key.length + 1;
        if (size > limit) return false;
        open.push((next as Record<string, unknown>)[key]);
      }
    }
    if (size > limit) return false;
  }
  return true;
}

function countMembers(value: unknown): number {
  let count = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (Array.isArray(next)) {
      for (const entry of next) if (typeof entry === 'object') open.push(entry);
    } else if (typeof next === 'object' && next !== null) {
      for (const entry of Object.values(next)) {
        count++;
        if (typeof entry === 'object') open.push(entry);
      }
    }
  }
  return count;
}
