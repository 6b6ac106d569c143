import type { Directive } from '../../nginx/directives/parse.ts';
import { expires } from './expires.ts';
import { successOnly } from './findings.ts';
import { canDependOnStatus, fieldOf, operate, type Side, successes, untouchable } from './operations.ts';
import { inputHeader, proxySetHeader } from './request-headers.ts';
import {
  type Handler,
  manual,
  noEffect,
  notNeeded,
  refusedByNginx,
  tell,
  together,
  type Verdict,
  withFields,
} from './scope.ts';

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
      const statuses = flags.has('-r') ? undefined : statusesOf(filters);
      if (statuses !== undefined && side === 'response' && canDependOnStatus(scope, value)) {
        const operation = value === '' ? 'remove' : flags.has('-a') ? 'add' : 'set';
        return onStatuses(statuses, operate(directive, scope, side, operation, name, value));
      }
      if (filters.length > 0 || flags.has('-r')) {
        const what =
          filters.length > 0
            ? `only for some responses (${filters.join(', ')})`
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

/** The statuses of `-s`; undefined where something else is asked for, or nothing. */
function statusesOf(filters: readonly string[]): readonly number[] | undefined {
  const words = filters.flatMap((filter) => filter.split(/[\s,]+/).filter((word) => word !== '-s'));
  return filters.length > 0 && words.every((word) => /^[1-5]\d\d$/.test(word))
    ? words.map(Number)
    : undefined;
}

/** The same header operations, on answers with some statuses only. */
function onStatuses(statuses: readonly number[], verdict: Verdict): Verdict {
  return {
    ...verdict,
    effects: verdict.effects.map((effect) =>
      effect.kind === 'response-headers'
        ? { kind: 'status-headers', statuses, response: effect.response }
        : effect,
    ),
  };
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
  if (canDependOnStatus(scope, value)) return onStatuses(successes, verdict);
  const reported = tell(
    withFields(successOnly, [fieldOf('response', name)]),
    { header: name },
    directive,
    scope,
  );
  return { ...verdict, fidelity: 'approximate', findings: [...verdict.findings, reported] };
};

const proxyHideHeader: Handler = (directive, scope) => {
  const name = directive.args[0]?.text;
  if (name === undefined || directive.args.length > 1)
    return refusedByNginx(directive, scope, 'it takes one name');
  if (scope.place === 'own-location') return noEffect('The location forwards nothing.');
  if (untouchable.has(name.toLowerCase()))
    return notNeeded(`The gateway sends a ${name} of its own, never that of the backend.`);
  return operate(directive, scope, 'response', 'remove', name, '');
};

const proxyPassHeader: Handler = (directive, scope) =>
  directive.args[0]?.text.toLowerCase() === 'server'
    ? manual(directive, scope, {
        reason: 'Envoy writes the header server itself.',
        remedy:
          'Set server_header_transformation: PASS_THROUGH on the gateway with an EnvoyFilter, if a client needs the header.',
      })
    : notNeeded('Envoy hands all headers of the backend on.');

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
