/** What is known where the words stand. */
export interface VariableOptions {
  /** The name of the server if it is one exact name: `$host` is that name then, whatever case and port the client sent. */
  readonly host: string | undefined;
  /** Variables with one value: those that ingress-nginx sets for a location, and those that a snippet sets to a constant. */
  readonly constants: ReadonlyMap<string, string>;
  /** Response headers can tell of the response, too. */
  readonly use: 'request' | 'response';
  /** The oldest Istio release that the output has to work with, as in `1.28`. */
  readonly istioVersion: string;
}

export type EnvoyFormat =
  | { readonly ok: true; readonly value: string; readonly differences: readonly string[] }
  /** `variable` has no counterpart; `needs` is the Istio release that brings one, if there is any. */
  | { readonly ok: false; readonly variable: string; readonly needs?: string };

interface Operator {
  readonly format: string;
  /** What differs from nginx's value; undefined where nothing does. */
  readonly difference?: string;
  readonly only?: 'response';
  /** Release whose Envoy has been seen to know the operator. An older Envoy refuses all routes because of it. */
  readonly since?: string;
}

const requestId: Operator = {
  format: '%REQ(X-REQUEST-ID)%',
  difference: 'Envoy makes a UUID, nginx 32 hexadecimal digits, and Envoy replaces what the client sent',
};
const authority: Operator = { format: '%REQ(:AUTHORITY)%' };
const client: Operator = { format: '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%' };
/** The gateway writes X-Forwarded-Proto itself, whatever the client sent. */
const scheme: Operator = { format: '%REQ(X-FORWARDED-PROTO)%' };
const path: Operator = {
  format: '%PATH(NQ:ORIG_OR_PATH)%',
  difference: 'the path as it was sent: percent-encoded, and before a rewrite',
  since: '1.30',
};
const query: Operator = { format: '%QUERY_PARAMS(ORIG)%', since: '1.30' };

/**
 * nginx's variables with a counterpart in Envoy's header formatter. Each operator was seen to work in header values of a
 * VirtualService on Envoy 1.38; after a rewrite `:path` is the new path, and X-Envoy-Original-Path, which no client can
 * send, the old one. Of `$request_uri` the path is normalised, as the whole gateway sees it.
 */
const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  [
    'host',
    { format: '%REQ(:AUTHORITY)%', difference: 'the Host as the client wrote it, with its case and port' },
  ],
  ['http_host', authority],
  ['best_http_host', authority],
  ['remote_addr', client],
  ['the_real_ip', client],
  ['remote_port', { format: '%DOWNSTREAM_REMOTE_PORT%' }],
  ['scheme', scheme],
  ['pass_access_scheme', scheme],
  ['request_uri', { format: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%' }],
  ['uri', path],
  ['document_uri', path],
  ['args', query],
  ['query_string', query],
  ['request_method', { format: '%REQ(:METHOD)%' }],
  ['server_protocol', { format: '%PROTOCOL%', difference: 'HTTP/2 where nginx says HTTP/2.0' }],
  ['request_id', requestId],
  ['req_id', requestId],
  ['proxy_add_x_forwarded_for', { format: '%REQ(X-FORWARDED-FOR)%' }],
  ['hostname', { format: '%HOSTNAME%', difference: 'the name of the gateway’s pod' }],
  ['connection', { format: '%CONNECTION_ID%', difference: 'Envoy counts connections its own way' }],
  ['msec', { format: '%START_TIME(%s.%3f)%', difference: 'the time at which the request began' }],
  [
    'time_iso8601',
    { format: '%START_TIME(%Y-%m-%dT%H:%M:%S%Ez)%', difference: 'the time at which the request began' },
  ],
  ['status', { format: '%RESPONSE_CODE%', only: 'response' }],
  [
    'upstream_addr',
    { format: '%UPSTREAM_HOST%', only: 'response', difference: 'only the last endpoint tried' },
  ],
]);

/**
 * nginx's words as a header value for Envoy: variables become formatter operators, a literal `%` is doubled.
 * Fails with the first variable that has no counterpart; never gives a value with part of it missing.
 */
export function toEnvoyFormat(words: string, options: VariableOptions): EnvoyFormat {
  let value = '';
  const differences: string[] = [];
  for (const piece of piecesOf(words)) {
    if ('literal' in piece) {
      value += piece.literal.replaceAll('%', '%%');
      continue;
    }
    const constant = constantOf(piece.variable, options);
    if (constant !== undefined) {
      value += constant.replaceAll('%', '%%');
      continue;
    }
    const operator = operatorOf(piece.variable);
    if (operator === undefined || (operator.only === 'response' && options.use !== 'response'))
      return { ok: false, variable: piece.variable };
    if (operator.since !== undefined && isOlder(options.istioVersion, operator.since))
      return { ok: false, variable: piece.variable, needs: operator.since };
    value += operator.format;
    if (operator.difference !== undefined) differences.push(`$${piece.variable}: ${operator.difference}`);
  }
  return { ok: true, value, differences };
}

/** The words with their constants put in; undefined where a variable stays. */
export function toConstant(
  words: string,
  options: Pick<VariableOptions, 'host' | 'constants'>,
): string | undefined {
  let value = '';
  for (const piece of piecesOf(words)) {
    const text = 'literal' in piece ? piece.literal : constantOf(piece.variable, options);
    if (text === undefined) return undefined;
    value += text;
  }
  return value;
}

type Piece = { readonly literal: string } | { readonly variable: string };

/** Splits words at `$name` and `${name}`; `$` before anything else is itself, and `$1` is the variable `1`. */
export function piecesOf(words: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of words.matchAll(/\$(?:\{(\w+)\}|([1-9]|[A-Za-z_]\w*))/g)) {
    if (match.index > from) pieces.push({ literal: words.slice(from, match.index) });
    pieces.push({ variable: (match[1] ?? match[2]) as string });
    from = match.index + match[0].length;
  }
  if (from < words.length) pieces.push({ literal: words.slice(from) });
  return pieces;
}

function constantOf(
  variable: string,
  options: Pick<VariableOptions, 'host' | 'constants'>,
): string | undefined {
  const constant = options.constants.get(variable);
  if (constant !== undefined) return constant;
  return variable === 'host' || variable === 'server_name' ? options.host : undefined;
}

function operatorOf(variable: string): Operator | undefined {
  const known = operators.get(variable);
  if (known !== undefined) return known;
  const [, kind, name] = /^(http|arg|sent_http|upstream_http)_(\w+)$/.exec(variable) ?? [];
  if (name === undefined) return undefined;
  switch (kind) {
    case 'http':
      return { format: `%REQ(${headerOf(name)})%` };
    case 'arg':
      return { format: `%QUERY_PARAM(${name})%`, difference: 'percent-decoded', since: '1.30' };
    default:
      return { format: `%RESP(${headerOf(name)})%`, only: 'response' };
  }
}

/** `http_x_foo` is the header `X-Foo`. */
export function headerOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major !== thanMajor ? major < thanMajor : minor < thanMinor;
}
