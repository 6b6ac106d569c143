import type { ObservableField } from '../../domain/findings.ts';
import type { HeaderOperations } from '../../istio-api/types.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import { type EnvoyFormat, toEnvoyFormat } from '../../nginx/variables.ts';
import type { Effect } from '../../plan/effect.ts';
import { valueDiffers } from './findings.ts';
import {
  converted,
  manual,
  notNeeded,
  type Scope,
  shorten,
  tell,
  type Verdict,
  withFields,
} from './scope.ts';

export type Side = 'request' | 'response';
type Operation = 'set' | 'add' | 'remove';

/** Headers that Envoy writes itself, whatever a VirtualService says (server and date seen on Envoy 1.38). */
export const untouchable = new Set([
  'server',
  'date',
  'connection',
  'transfer-encoding',
  'content-length',
  'keep-alive',
]);

export function fieldOf(side: Side, name: string): ObservableField {
  return `${side}-header:${name.toLowerCase()}`;
}

/** One header operation as an effect, or why it cannot be one. */
export function operate(
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
  if (!/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/.test(name))
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
    return failed('Its value contains a control character.', 'Correct the value.');
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

/** The statuses on which nginx writes `add_header` without `always`, and `expires` (nginx 1.27, ngx_http_headers_filter). */
export const successes: readonly number[] = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308];

/** Whether an operation can depend on the status: its value is plain text, and it holds for all requests of a location. */
export function canDependOnStatus(scope: Scope, value: string): boolean {
  return (
    scope.byStatus && scope.guard === undefined && scope.place !== 'own-location' && !value.includes('$')
  );
}

export function unknownVariable(format: EnvoyFormat & { ok: false }): string {
  return format.needs === undefined
    ? `Envoy has no counterpart of $${format.variable}.`
    : `a counterpart of $${format.variable} needs Istio ${format.needs} or newer (--istio-version).`;
}

export function effectOf({ guard }: Scope, side: Side, operations: HeaderOperations): Effect {
  const condition = guard === undefined ? {} : { variant: guard.variant, when: guard.when };
  return side === 'response'
    ? { kind: 'response-headers', ...condition, response: operations }
    : { kind: 'forward', ...condition, patch: { request: operations } };
}
