import type { HeaderOperations } from '../../istio-api/types.ts';
import { noExpiry, successOnly } from './findings.ts';
import { canDependOnStatus, effectOf, successes } from './operations.ts';
import { converted, type Handler, manual, noEffect, tell, type Verdict, withFields } from './scope.ts';

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
function secondsOf(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwMy])?\s*)+$/.test(text) || text.length > 40) return undefined;
  let total = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|[smhdwMy])?/g))
    total += Number(count) * seconds[unit ?? '']!;
  return Math.floor(total);
}

/** Replaces both headers of the upstream (nginx 1.22: seen), on the statuses of add_header alone. */
export const expires: Handler = (directive, scope) => {
  const words = directive.args.map(({ text }) => text);
  const [time = ''] = words;
  const set = (cacheControl: string, date?: string, expiresIn?: number): Verdict => {
    if (canDependOnStatus(scope, '')) {
      const response = {
        set: { 'cache-control': cacheControl, ...(date !== undefined && { expires: date }) },
      };
      const from = expiresIn === undefined ? {} : { expiresIn };
      return converted([{ kind: 'status-headers', statuses: successes, response, ...from }]);
    }
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
  const ahead = negative ? -amount : amount;
  return set(ahead < 0 ? 'no-cache' : `max-age=${amount}`, undefined, ahead);
};
