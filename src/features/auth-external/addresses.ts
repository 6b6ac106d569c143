import { isIPv4, isIPv6 } from 'node:net';

/**
 * A range of addresses as the bits that all of its addresses begin with, after `4:` or `6:`; undefined where the text is none.
 * The filter compares such texts (auth-external/lua.ts).
 */
export function bitsOf(range: string): string | undefined {
  const [address = '', length] = range.trim().split('/', 2);
  const version = isIPv4(address) ? 4 : isIPv6(address) && !address.includes('%') ? 6 : undefined;
  if (version === undefined) return undefined;
  const size = version === 4 ? 32 : 128;
  const kept = length === undefined ? size : Number(length);
  if (!Number.isInteger(kept) || kept < 0 || kept > size) return undefined;
  const bits = version === 4 ? fromV4(address) : fromV6(address);
  return `${version}:${bits.slice(0, kept)}`;
}

function fromV4(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
}

function fromV6(address: string): string {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const text = dotted === null ? address : `${dotted[1]}${groupsOfV4(dotted[2]!)}`;
  const [head = '', tail] = text.split('::', 2);
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail ?? '')];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0');
  return [...first, ...zeros, ...last]
    .map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0'))
    .join('');
}

function groupsOfV4(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  return [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(':');
}
