/** Replaces one part of an address: an octet of IPv4, a group of IPv6, with all parts before it. */
export type RenamePart = (before: string, part: string) => string;

const wholeV4 = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,3})?$/;
const wholeV6 = /^[\da-f]{0,4}(?::[\da-f]{0,4}){2,7}(?:\/\d{1,3})?$/i;

export function isAddress(text: string): boolean {
  return wholeV4.test(text) || wholeV6.test(text);
}

/**
 * An address or network with other numbers, and the same mask. A part that the mask cuts stays, so that a network is still written as
 * one; what stands for it is the same wherever the parts before it are, so that a network still contains its addresses.
 */
export function redactAddress(text: string, rename: RenamePart): string {
  const [address = '', mask] = text.split('/');
  const separator = address.includes(':') ? ':' : '.';
  const bits = separator === ':' ? 16 : 8;
  const covered = mask === undefined ? 128 : Number(mask);
  const parts = address.split(separator);
  // After "::" nothing says which group is which.
  const known = parts.indexOf('', 1) > 0 && separator === ':' ? parts.indexOf('', 1) : parts.length;
  const redacted = parts.map((part, at) => {
    const before = parts.slice(0, at).join(separator);
    if (part === '' || (at < known && (at + 1) * bits > covered)) return part;
    return isPublicPart(before, part, separator) ? part : rename(`${before}${separator}`, part);
  });
  return `${redacted.join(separator)}${mask === undefined ? '' : `/${mask}`}`;
}

/** What makes a network special stays: private, local, and none. */
function isPublicPart(before: string, part: string, separator: string): boolean {
  const number = Number(part);
  if (separator === ':') return before === '' && /^(?:f[cde]\w*|0*)$/i.test(part);
  if (before === '') return isSpecialStart(number);
  if (before === '192') return number === 168;
  if (before === '172') return number >= 16 && number <= 31;
  if (before === '169') return number === 254;
  if (before === '100') return number >= 64 && number <= 127;
  return number === 0 || number >= 255;
}

function isSpecialStart(number: number): boolean {
  return [0, 10, 100, 127, 169, 172, 192].includes(number) || number >= 224;
}

/** Placeholders of address parts, from all that were seen: numbered in their order below the same beginning. */
export function addressPlaceholders(seen: ReadonlyMap<string, ReadonlySet<string>>): RenamePart {
  const renamed = new Map<string, ReadonlyMap<string, string>>();
  for (const [before, parts] of seen) {
    const separator = before.at(-1)!;
    const base = separator === ':' ? 16 : 10;
    const sorted = [...parts].sort((a, b) => Number.parseInt(a, base) - Number.parseInt(b, base));
    renamed.set(before, new Map(sorted.map((part, at) => [part, placeholderOf(before, separator, at)])));
  }
  return (before, part) => renamed.get(before)?.get(part) ?? part;
}

function placeholderOf(before: string, separator: string, at: number): string {
  if (separator === ':') return (before === ':' ? 0x2001 + at : at + 1).toString(16);
  if (before !== '.') return String(before === '192.' || before === '172.' ? at + 32 : at + 1);
  const ordinary = Array.from({ length: 223 }, (_, number) => number + 1).filter(
    (number) => !isSpecialStart(number),
  );
  return String(ordinary[at] ?? 1);
}
