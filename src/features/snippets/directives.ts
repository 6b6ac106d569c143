import type { Directive } from '../../nginx/directives/parse.ts';
import { headerHandlers } from './headers.ts';
import { ownOfLocations } from './places.ts';
import type { Treatment } from './reasons.ts';
import { closedFor, manual, noEffect, notNeeded, type Scope, type Verdict } from './scope.ts';
import { treatments } from './treatments.ts';

/**
 * The verdict on a directive by the two tables: `headerHandlers` for what is carried over, `fates` for what is known and
 * not. Those that decide which requests go where (allow, break, deny, if, limit_except, location, return, rewrite, set)
 * depend on each other; `interpret` reads them.
 */
export function judge(directive: Directive, scope: Scope): Verdict {
  const { name } = directive;
  const handler = headerHandlers.get(name);
  if (handler !== undefined) return handler(directive, scope);
  if (scope.place === 'server' && ownOfLocations.has(name))
    return noEffect('Every location of ingress-nginx has the directive itself, which counts.');
  const treatment = treatments.get(name);
  return treatment === undefined ? unknown(directive, scope) : judgeTreatment(directive, scope, treatment);
}

function judgeTreatment(directive: Directive, scope: Scope, treatment: Treatment): Verdict {
  const { status, reason } = treatment;
  if (treatment.harmless?.includes(directive.args[0]?.text ?? '') === true)
    return noEffect('It turns off what is off already.');
  if (status === 'closed') return closedFor(directive, scope, reason);
  if (status === 'no-effect-today') return noEffect(reason);
  if (status === 'not-needed') return notNeeded(reason);
  return manual(
    directive,
    scope,
    { reason, remedy: treatment.remedy ?? '', fields: treatment.fields ?? [] },
    status,
  );
}

function unknown(directive: Directive, scope: Scope): Verdict {
  const protects = /^(?:auth|access|waf|naxsi|jwt|oidc|vouch)(?:_|$)/.test(directive.name);
  if (protects)
    return closedFor(directive, scope, 'the directive is unknown, and its name suggests a protection.');
  return manual(directive, scope, {
    reason: `the directive ${directive.name} is unknown; if nginx doesn't have it either, it refuses the whole configuration.`,
    remedy: 'Look up what the directive does, and write its counterpart manually.',
    fields: ['status'],
  });
}
