import ipaddr from 'ipaddr.js';

// The functions of Go with which ingress-nginx reads annotation values, so that ours accept what it accepts and nothing else.

const booleans = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

/** `strconv.ParseBool`: no other spelling, no blanks around. */
export function parseBool(text: string): boolean | undefined {
  return booleans.get(text);
}

/** `strconv.Atoi` on a 64-bit system: a sign and digits, no blanks, no unit. */
export function parseInteger(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  if (text.length > 18) {
    const digits = text.replace(/^([+-]?)0+(?=[0-9])/, '$1').replace(/^\+/, '');
    if (digits.length > 20) return undefined;
    const value = BigInt(digits);
    if (value !== BigInt.asIntN(64, value)) return undefined;
  }
  return Number(text);
}

/** `strings.TrimSpace`, whose white space is not quite that of `String.prototype.trim`. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Takes white space off both ends of each line, as the controller does with every text (annotations/parser, normalizeString). */
export function normalizeLines(text: string): string {
  return text.includes('\n') ? text.split('\n').map(trimSpace).join('\n') : trimSpace(text);
}

/**
 * Reads a comma list of addresses and networks (internal/net, ParseCIDRs): host bits are cleared, the result is sorted and free of doubles.
 * Undefined where one entry is neither, for then the whole list is refused.
 */
export function parseCidrs(text: string): readonly string[] | undefined {
  const found = new Set<string>();
  for (const entry of text.split(',')) {
    const normal = parseNetwork(trimSpace(entry));
    if (normal === undefined) return undefined;
    found.add(normal);
  }
  return [...found].sort();
}

function parseNetwork(entry: string): string | undefined {
  const slash = entry.indexOf('/');
  if (slash < 0) return parseAddress(entry)?.text;
  const address = parseAddress(entry.slice(0, slash));
  const bits = entry.slice(slash + 1);
  if (address === undefined || !/^[0-9]{1,7}$/.test(bits)) return undefined;
  const length = Number(bits);
  if (length > (address.kind === 'ipv4' ? 32 : 128)) return undefined;
  const network =
    address.kind === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address.text}/${length}`).toString()
      : ipaddr.IPv6.networkAddressFromCIDR(`${address.text}/${length}`).toRFC5952String();
  return `${network}/${length}`;
}

/** `net.ParseIP`: four decimals without leading zeros, or IPv6 without a zone. */
function parseAddress(text: string): { kind: 'ipv4' | 'ipv6'; text: string } | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { kind: 'ipv4', text };
  if (text.length > 45 || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  return { kind: 'ipv6', text: ipaddr.IPv6.parse(text).toRFC5952String() };
}
