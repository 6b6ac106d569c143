import { type Field, fieldNames, fieldSteps } from './fields.ts';
import type { LogFormat } from './format.ts';
import type { Literals } from './shape.ts';

/**
 * A number for the bytes of a line such that lines with one number have one shape; undefined where that takes a closer look.
 * It is what makes ten million lines quick: nothing of them becomes a string, but for the first of each kind.
 */
export type Fingerprint = (bytes: Uint8Array, start: number, end: number) => number | undefined;

const [space, slash, question, backslash, percent, comma, colon, dash] = [32, 47, 63, 92, 37, 44, 58, 45];
/** Segments of this length and more are folded in another way. */
const longSegment = 20;
const longestWord = 40;

export function fingerprintOf(format: LogFormat, literals: Literals): Fingerprint {
  const { lead, steps, found } = fieldSteps(format);
  const leadBytes = Buffer.from(lead, 'latin1');
  const untils = steps.map(({ until }) => (until === undefined ? undefined : Buffer.from(until, 'latin1')));
  const lists = steps.map(({ list }) => list);
  const fields = steps.map(({ field }) => field);
  const starts = new Int32Array(fieldNames.length).fill(-1);
  const ends = new Int32Array(fieldNames.length);
  const index = Object.fromEntries(fieldNames.map((name, at) => [name, at])) as Record<Field, number>;
  const whole = (['method', 'status', 'host', 'scheme', 'upstream', 'alternative'] as const)
    .filter((name) => found[name] !== undefined)
    .map((name) => index[name]);
  const known = new Set([...literals].map((literal) => hashOfText(literal)));

  // Two hashes of 32 bits: of a hundred million lines, no two kinds are likely to have both in common.
  let [one, two] = [0, 0];
  const put = (byte: number) => {
    one = Math.imul(one ^ byte, 0x01000193);
    two = (Math.imul(two, 31) + byte + (two >>> 15)) | 0;
  };
  const putAll = (bytes: Uint8Array, from: number, to: number) => {
    for (let at = from; at < to; at++) put(bytes[at]!);
  };

  /** A segment as its shape has it, or closer to what it is. */
  const putSegment = (bytes: Uint8Array, from: number, to: number) => {
    let [digits, hex, odd, hash] = [0, 0, false, 0];
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      hash = Math.imul(hash ^ byte, 0x01000193);
      if (byte >= 48 && byte <= 57) digits++;
      else if ((byte | 32) >= 97 && (byte | 32) <= 102) hex++;
      else if (byte === percent || byte === backslash || byte >= 127) odd = true;
    }
    const length = to - from;
    if (odd || (digits === 0 && length <= longestWord) || known.has(hash)) return putAll(bytes, from, to);
    if (digits === length) return put(1);
    if (digits === 0) return put(2);
    if (digits + hex === length && length >= 8) return put(3);
    put(length < longSegment ? 4 : 5);
    // A run of digits is a number, however long.
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      const isDigit = byte >= 48 && byte <= 57;
      const next = at + 1 < to ? bytes[at + 1]! : 0;
      if (isDigit && next >= 48 && next <= 57) {
        while (at + 1 < to && bytes[at + 1]! >= 48 && bytes[at + 1]! <= 57) at++;
        put(6);
      } else put(byte);
    }
  };

  /** The path up to its query. Gives where it ends. */
  const putPath = (bytes: Uint8Array, from: number, to: number, end: number): number => {
    let segment = from;
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === question || byte === end) break;
      if (byte !== slash) continue;
      putSegment(bytes, segment, at);
      put(slash);
      segment = at + 1;
    }
    putSegment(bytes, segment, at);
    if (at < to && bytes[at] === question) put(question);
    return at;
  };

  const putRequest = (bytes: Uint8Array, from: number, to: number): void => {
    let at = from;
    while (at < to && bytes[at] !== space) put(bytes[at++]!);
    put(space);
    at = putPath(bytes, at + 1, to, space);
    let last = to - 1;
    while (last > at && bytes[last] !== space) last--;
    // Another space than the last is none of a request.
    if (bytes[at] === space) putAll(bytes, at, to);
    else putAll(bytes, last, to);
  };

  const putTries = (bytes: Uint8Array, from: number, to: number) => {
    if (to === from || (to - from === 1 && bytes[from] === dash)) return put(0);
    let [count, redirected] = [1, false];
    for (let at = from; at + 1 < to; at++) {
      if (bytes[at] === comma && bytes[at + 1] === space) count++;
      else if (bytes[at] === colon && bytes[at + 1] === space && bytes[at - 1] === space) redirected = true;
    }
    put(count & 255);
    put(count >> 8);
    put(redirected ? 1 : 0);
  };

  return (bytes, start, end) => {
    let at = start;
    for (const byte of leadBytes) if (bytes[at++] !== byte) return undefined;
    for (let step = 0; step < untils.length; step++) {
      const until = untils[step];
      const from = at;
      if (until === undefined) at = end;
      else {
        at = find(bytes, at, end, until);
        while (lists[step] && at !== -1 && isInList(bytes, at)) at = find(bytes, at + 1, end, until);
        if (at === -1) return undefined;
      }
      const field = fields[step]!;
      if (field !== -1) {
        starts[field] = from;
        ends[field] = at;
      }
      if (until !== undefined) at += until.length;
    }
    if (at !== end) return undefined;
    one = 0x811c9dc5 | 0;
    two = 17;
    for (const field of whole) {
      putAll(bytes, starts[field]!, ends[field]!);
      put(10);
    }
    if (found.request !== undefined) putRequest(bytes, starts[index.request]!, ends[index.request]!);
    put(10);
    if (found.path !== undefined) putPath(bytes, starts[index.path]!, ends[index.path]!, -1);
    put(10);
    if (found.tries !== undefined) putTries(bytes, starts[index.tries]!, ends[index.tries]!);
    return (one >>> 0) * 0x200000 + (two & 0x1fffff);
  };
}

function hashOfText(text: string): number {
  let hash = 0;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function find(bytes: Uint8Array, from: number, end: number, text: Uint8Array): number {
  const first = text[0]!;
  const { length } = text;
  const last = end - length;
  outer: for (let at = from; at <= last; at++) {
    if (bytes[at] !== first) continue;
    for (let next = 1; next < length; next++) if (bytes[at + next] !== text[next]) continue outer;
    return at;
  }
  return -1;
}

/** Whether what stands here separates two tries, and not two variables. */
function isInList(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at - 1] === comma ||
    (bytes[at] === space && bytes[at + 1] === colon && bytes[at + 2] === space) ||
    (bytes[at - 1] === colon && bytes[at - 2] === space)
  );
}
