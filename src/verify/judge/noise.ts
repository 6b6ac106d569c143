import { networkInterfaces } from 'node:os';

/** A header that is not compared, and why. A name that ends in `*` stands for all that begin so. */
interface Noise {
  readonly in: 'request' | 'response' | 'both';
  readonly header: string;
  readonly reason: string;
  /** `local`: only in answers that the proxy itself gave. */
  readonly when?: 'local';
}

/** All that differs between two proxies, or two runs of one, without any meaning for an application or a browser. */
export const noise: readonly Noise[] = [
  { in: 'both', header: 'connection', reason: 'is about one hop only (RFC 9110, 7.6.1)' },
  { in: 'both', header: 'keep-alive', reason: 'is about one hop only' },
  { in: 'request', header: 'te', reason: 'is about one hop only (RFC 9110, 10.1.4)' },
  { in: 'both', header: 'transfer-encoding', reason: 'framing of one hop' },
  { in: 'both', header: 'content-length', reason: 'framing; chunked is as good' },
  { in: 'both', header: 'x-request-id', reason: 'random; both systems write one' },
  { in: 'both', header: 'x-envoy-*', reason: "Envoy's own, for its operators" },
  { in: 'request', header: 'host', reason: 'compared as the field `host`' },
  { in: 'request', header: 'sec-websocket-key', reason: 'random, chosen by the client' },
  { in: 'response', header: 'upgrade', reason: 'is about one hop; the status 101 says the same' },
  { in: 'response', header: 'sec-websocket-accept', reason: 'follows from the random key' },
  { in: 'response', header: 'location', reason: 'compared as the field `location`' },
  { in: 'response', header: 'date', reason: 'the time of the answer' },
  { in: 'response', header: 'server', reason: 'name of the proxy' },
  { in: 'response', header: 'x-echo', reason: 'of the echo server: compared as the field `upstream`' },
  { in: 'response', header: 'x-echo-local', reason: 'of the echo server: compared as the field `upstream`' },
  { in: 'response', header: 'x-echo-path', reason: 'of the echo server: compared as the field `path`' },
  {
    in: 'response',
    header: 'content-type',
    when: 'local',
    reason: 'of the error page: HTML with nginx, plain text or nothing with Envoy',
  },
];

/** Whether a header is left out of the comparison; `local` tells that no upstream gave the answer. */
export function isNoise(where: 'request' | 'response', header: string, local: boolean): boolean {
  return noise.some(
    (entry) =>
      (entry.in === where || entry.in === 'both') &&
      (entry.when === undefined || local) &&
      matches(entry.header, header),
  );
}

function matches(pattern: string, header: string): boolean {
  return pattern.endsWith('*') ? header.startsWith(pattern.slice(0, -1)) : header === pattern;
}

/** Response headers which an observation does not keep: they tell of the connection and the moment. */
export function isTransport(header: string): boolean {
  return [
    'date',
    'x-echo',
    'content-length',
    'connection',
    'keep-alive',
    'transfer-encoding',
    'x-envoy-upstream-service-time',
  ].includes(header);
}

const listHeaders = /^(access-control-(allow-methods|allow-headers|expose-headers)|vary|allow)$/;
const randomId = /\b([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g;

/** The value of a header with what has no meaning taken out, as a text that can be compared. */
export function meaningOf(
  where: 'request' | 'response',
  header: string,
  value: string | readonly string[],
): string {
  if (header === 'set-cookie') return [value].flat().map(cookieMeaning).sort().join(' | ');
  let text = typeof value === 'string' ? value : value.join(', ');
  // Request ids under another name, as in `more_set_headers "Request-Id: $req_id"`.
  text = text.replace(randomId, '<random id>');
  // A time counted from the answer on; `epoch` and `max` are texts of their own.
  if (header === 'expires' && /^\w{3}, \d\d \w{3} (?!1970|2037)/.test(text)) text = '<date>';
  // Order, case and spaces of these lists mean nothing to a browser.
  if (listHeaders.test(header)) text = listMeaning(text);
  // Envoy names a client on 127.0.0.1 by an address of its machine; on a network both name the client.
  if (where === 'request' && header.startsWith('x-')) text = withLoopback(text, machineAddresses());
  return text;
}

/** Name and attributes: the value is the application's or random, and a date of expiry says the same as Max-Age. */
function cookieMeaning(cookie: string): string {
  const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
  const kept = attributes.map(attributeMeaning).filter((text) => !text.startsWith('expires'));
  return [pair.split('=')[0], ...kept.sort()].join('; ');
}

function attributeMeaning(attribute: string): string {
  const equals = attribute.indexOf('=');
  if (equals < 0) return attribute.toLowerCase();
  return attribute.slice(0, equals).toLowerCase() + attribute.slice(equals);
}

function listMeaning(text: string): string {
  const items = text.split(',').map((item) => item.trim().toLowerCase());
  return [...new Set(items)].sort().join(', ');
}

/** Replaces the addresses of this machine in a list of addresses by 127.0.0.1. */
export function withLoopback(text: string, machine: ReadonlySet<string>): string {
  const items = text.split(/, */);
  return items.some((item) => machine.has(item))
    ? items.map((item) => (machine.has(item) ? '127.0.0.1' : item)).join(', ')
    : text;
}

function machineAddresses(): ReadonlySet<string> {
  return new Set(
    Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .map(({ address }) => address),
  );
}
