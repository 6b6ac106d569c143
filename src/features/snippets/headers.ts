import type { ObservableField } from '../../findings.ts';
import type { HeaderOperations } from '../../istio/types.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import { type EnvoyFormat, toEnvoyFormat } from '../../nginx/variables.ts';
import type { Effect } from '../effect.ts';
import { noExpiry, sentTwice, successOnly, valueDiffers } from './findings.ts';
import {
  converted,
  type Handler,
  manual,
  noEffect,
  notNeeded,
  refusedByNginx,
  type Scope,
  shorten,
  tell,
  together,
  type Verdict,
  withFields,
} from './scope.ts';

type Side = 'request' | 'response';
type Operation = 'set' | 'add' | 'remove';

/** Headers that Envoy writes itself, whatever a VirtualService says (server and date seen on Envoy 1.38). */
const untouchable = new Set([
  'server',
  'date',
  'connection',
  'transfer-encoding',
  'content-length',
  'keep-alive',
]);

/** Headers that every location of ingress-nginx 1.15.1 sets for its upstream (template/nginx.tmpl). */
const ownRequestHeaders = new Set([
  'host',
  'upgrade',
  'connection',
  'x-request-id',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-scheme',
  'x-original-forwarded-for',
  'x-original-forwarded-host',
  'proxy',
]);

/** Values with which the gateway sends these headers anyway. */
const sameAnyway: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['host', new Set(['$host', '$http_host', '$best_http_host'])],
  ['x-forwarded-proto', new Set(['$scheme', '$pass_access_scheme'])],
  ['x-forwarded-for', new Set(['$proxy_add_x_forwarded_for'])],
  ['x-request-id', new Set(['$request_id', '$req_id'])],
]);

function fieldOf(side: Side, name: string): ObservableField {
  return `${side}-header:${name.toLowerCase()}`;
}

/** One header operation as an effect, or why it cannot be one. */
function operate(
  directive: Directive,
  scope: Scope,
  side: Side,
  operation: Operation,
  name: string,
  words: string,
): Verdict {
  const key = name.toLowerCase();
  const fields = [fieldOf(side, key)];
  const failed = (reason: string, remedy: string): Verdict =>
    manual(directive, scope, { reason, remedy, fields });
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    return failed(
      `${shorten(name)} is no name of one header.`,
      'Name each header, or use an EnvoyFilter with header_mutation.',
    );
  if (untouchable.has(key)) {
    if (key !== 'server') return notNeeded(`The gateway writes ${name} itself.`);
    return failed(
      'Envoy writes the header server itself.',
      'To send none, set proxyHeaders.server.disabled in the ProxyConfig of the gateway.',
    );
  }
  const patchOf = (value: string | undefined): HeaderOperations =>
    value === undefined ? { remove: [key] } : { [operation]: Object.fromEntries([[key, value]]) };
  if (operation === 'remove') return converted([effectOf(scope, side, patchOf(undefined))]);
  if (/[\0-\x08\x0a-\x1f\x7f]/.test(words))
    return failed('Its value holds a control character.', 'Correct the value.');
  const format = toEnvoyFormat(words, { ...scope.variables, use: side });
  if (!format.ok)
    return failed(
      unknownVariable(format),
      'Have the application send or read the header, or write an EnvoyFilter (Lua).',
    );
  const findings = format.differences.map((difference) =>
    tell(
      withFields(valueDiffers, fields),
      { directive: shorten(directive.text), difference },
      directive,
      scope,
    ),
  );
  return converted(
    [effectOf(scope, side, patchOf(format.value))],
    findings.length > 0 ? 'equivalent' : 'exact',
    findings,
  );
}

export function unknownVariable(format: EnvoyFormat & { ok: false }): string {
  return format.needs === undefined
    ? `Envoy has no counterpart of $${format.variable}.`
    : `a counterpart of $${format.variable} needs Istio ${format.needs} or newer (--istio-version).`;
}

function effectOf({ guard }: Scope, side: Side, operations: HeaderOperations): Effect {
  const condition = guard === undefined ? {} : { variant: guard.variant, when: guard.when };
  return side === 'response'
    ? { kind: 'response-headers', ...condition, response: operations }
    : { kind: 'forward', ...condition, patch: { request: operations } };
}

/** The options of the headers-more module: `-s` statuses, `-t` types, `-r` only where present, `-a` add. */
function moreWords(directive: Directive): { filters: string[]; flags: Set<string>; headers: string[] } {
  const filters: string[] = [];
  const flags = new Set<string>();
  const headers: string[] = [];
  const words = directive.args.map(({ text }) => text);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-s' || word === '-t') filters.push(`${word} ${words[++at] ?? ''}`);
    else if (word === '-r' || word === '-a') flags.add(word);
    else headers.push(word);
  }
  return { filters, flags, headers };
}

function more(side: Side, clear: boolean): Handler {
  return (directive, scope) => {
    const { filters, flags, headers } = moreWords(directive);
    if (headers.length === 0) return refusedByNginx(directive, scope, 'it names no header');
    if (side === 'request' && scope.place === 'own-location')
      return noEffect('The location forwards nothing.');
    const parts = headers.map((header): Verdict => {
      const colon = header.indexOf(':');
      const name = (colon === -1 ? header : header.slice(0, colon)).trim();
      const value = clear || colon === -1 ? '' : header.slice(colon + 1).trim();
      const fields = [fieldOf(side, name)];
      if (filters.length > 0 || flags.has('-r')) {
        const what =
          filters.length > 0
            ? `for some responses alone (${filters.join(', ')})`
            : 'only where the header is there already';
        return manual(directive, scope, {
          reason: `it acts ${what}, which a VirtualService cannot tell.`,
          remedy: 'Send the header on every response if that does no harm, or write an EnvoyFilter (Lua).',
          fields,
        });
      }
      if (side === 'request') return inputHeader(directive, scope, name, value);
      return operate(
        directive,
        scope,
        side,
        value === '' ? 'remove' : flags.has('-a') ? 'add' : 'set',
        name,
        value,
      );
    });
    return together(parts);
  };
}

/** Acts before the location's proxy_set_header lines, which replace what it wrote (seen on nginx 1.22 with headers-more 0.34). */
function inputHeader(directive: Directive, scope: Scope, name: string, value: string): Verdict {
  const key = name.toLowerCase();
  if (key === 'host' && value !== '') return setHost(directive, scope, value);
  if (ownRequestHeaders.has(key)) return noEffect(`ingress-nginx sets ${name} itself, after this directive.`);
  return operate(directive, scope, 'request', value === '' ? 'remove' : 'set', name, value);
}

function setHost(directive: Directive, scope: Scope, words: string): Verdict {
  const format = toEnvoyFormat(words, { ...scope.variables, use: 'request' });
  if (!format.ok || format.value.includes('%'))
    return manual(directive, scope, {
      reason: 'the gateway can send the upstream one fixed Host alone.',
      remedy: 'Use the annotation upstream-vhost with a fixed name.',
      fields: ['host'],
    });
  const condition = scope.guard === undefined ? {} : { variant: scope.guard.variant, when: scope.guard.when };
  return converted([{ kind: 'forward', ...condition, patch: { rewrite: { authority: format.value } } }]);
}

const addHeader: Handler = (directive, scope) => {
  const [name, value, always] = directive.args.map(({ text }) => text);
  if (
    name === undefined ||
    value === undefined ||
    directive.args.length > 3 ||
    (always ?? 'always') !== 'always'
  )
    return refusedByNginx(directive, scope, 'it takes a name, a value and perhaps "always"');
  if (value === '') return noEffect('nginx adds no header without a value.');
  const verdict = operate(directive, scope, 'response', 'add', name, value);
  if (always !== undefined || verdict.status !== 'converted' || scope.place === 'own-location')
    return verdict;
  const told = tell(withFields(successOnly, [fieldOf('response', name)]), { header: name }, directive, scope);
  return { ...verdict, fidelity: 'approximate', findings: [...verdict.findings, told] };
};

const proxySetHeader: Handler = (directive, scope) => {
  const [name, value] = directive.args.map(({ text }) => text);
  if (name === undefined || value === undefined || directive.args.length > 2)
    return refusedByNginx(directive, scope, 'it takes a name and a value');
  if (scope.place === 'server')
    return noEffect(
      'Each location has lines of its own, and nginx does not mix them with those of the server.',
    );
  if (scope.place === 'own-location') return noEffect('The location forwards nothing.');
  if (scope.grpc !== (directive.name === 'grpc_set_header'))
    return noEffect(
      `The upstream speaks ${scope.grpc ? 'gRPC, which reads grpc_set_header' : 'HTTP, which reads proxy_set_header'}.`,
    );
  const key = name.toLowerCase();
  if (key === 'upgrade' || key === 'connection')
    return notNeeded('Websockets and other upgrades work without it.');
  if (sameAnyway.get(key)?.has(value))
    return notNeeded('The gateway sends the header with this value anyway.');
  if (value === '')
    return ownRequestHeaders.has(key)
      ? noEffect(`ingress-nginx sets ${name} in a line of its own, which stays.`)
      : operate(directive, scope, 'request', 'remove', name, '');
  const verdict =
    key === 'host'
      ? setHost(directive, scope, value)
      : operate(directive, scope, 'request', 'set', name, value);
  if (!ownRequestHeaders.has(key) || verdict.status !== 'converted') return verdict;
  const field = key === 'host' ? 'host' : fieldOf('request', key);
  const told = tell(
    withFields(sentTwice, [field, fieldOf('request', key)]),
    { header: name },
    directive,
    scope,
  );
  return { ...verdict, fidelity: 'approximate', findings: [...verdict.findings, told] };
};

const proxyHideHeader: Handler = (directive, scope) => {
  const name = directive.args[0]?.text;
  if (name === undefined || directive.args.length > 1)
    return refusedByNginx(directive, scope, 'it takes one name');
  if (scope.place === 'own-location') return noEffect('The location forwards nothing.');
  if (untouchable.has(name.toLowerCase()))
    return notNeeded(`The gateway sends a ${name} of its own, never that of the upstream.`);
  return operate(directive, scope, 'response', 'remove', name, '');
};

const proxyPassHeader: Handler = (directive, scope) =>
  directive.args[0]?.text.toLowerCase() === 'server'
    ? manual(directive, scope, {
        reason: 'Envoy writes the header server itself.',
        remedy:
          'Set server_header_transformation: PASS_THROUGH on the gateway with an EnvoyFilter, if a client needs the header.',
      })
    : notNeeded('Envoy hands all headers of the upstream on.');

const seconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  '': 1,
  m: 60,
  h: 3600,
  d: 86400,
  w: 604800,
  M: 2592000,
  y: 31536000,
};

/** An nginx time such as `1h 30m` in seconds; undefined where it is none. */
export function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwMy])?\s*)+$/.test(text) || text.length > 40) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwMy])?/g))
    total += Number(count) * seconds[unit ?? '']!;
  return Math.floor(total);
}

/** Replaces both headers of the upstream (nginx 1.22: seen), on the statuses of add_header alone. */
const expires: Handler = (directive, scope) => {
  const words = directive.args.map(({ text }) => text);
  const [time = ''] = words;
  const set = (cacheControl: string, date?: string): Verdict => {
    const response: HeaderOperations = {
      set: { 'cache-control': cacheControl, ...(date !== undefined && { expires: date }) },
      ...(date === undefined && { remove: ['expires'] }),
    };
    const findings =
      scope.place === 'own-location'
        ? []
        : [
            tell(
              withFields(successOnly, ['response-header:cache-control', 'response-header:expires']),
              { header: 'Cache-Control' },
              directive,
              scope,
            ),
          ];
    if (date === undefined) findings.push(tell(noExpiry, {}, directive, scope));
    return converted([effectOf(scope, 'response', response)], 'approximate', findings);
  };
  if (time === 'off') return noEffect('nginx leaves the headers as they are.');
  if (time === 'epoch') return set('no-cache', 'Thu, 01 Jan 1970 00:00:01 GMT');
  if (time === 'max') return set('max-age=315360000', 'Thu, 31 Dec 2037 23:55:55 GMT');
  const negative = time.startsWith('-');
  const amount = words.length === 1 ? secondsOf(time.replace(/^[+-]/, '')) : undefined;
  if (amount === undefined)
    return manual(directive, scope, {
      reason: 'it counts from the age of a file or a time of day, or takes a variable.',
      remedy: 'Have the application send Cache-Control.',
      fields: ['response-header:cache-control', 'response-header:expires'],
    });
  return set(negative && amount > 0 ? 'no-cache' : `max-age=${amount}`);
};

export const headerHandlers: ReadonlyMap<string, Handler> = new Map([
  ['more_set_headers', more('response', false)],
  ['more_clear_headers', more('response', true)],
  ['more_set_input_headers', more('request', false)],
  ['more_clear_input_headers', more('request', true)],
  ['add_header', addHeader],
  ['proxy_set_header', proxySetHeader],
  ['grpc_set_header', proxySetHeader],
  ['proxy_hide_header', proxyHideHeader],
  ['proxy_pass_header', proxyPassHeader],
  ['expires', expires],
]);
