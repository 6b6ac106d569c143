import type { Directive } from '../../nginx/directives/parse.ts';
import { type Fate, fates, notInLocations, onlyInHttp, ownOfLocations } from './fates.ts';
import { headerHandlers } from './headers.ts';
import { closedFor, manual, noEffect, notNeeded, type Scope, type Verdict } from './scope.ts';

/** Directives that decide which requests go where; `interpret` reads them in their order. */
export const flowDirectives: ReadonlySet<string> = new Set([
  'allow',
  'break',
  'deny',
  'if',
  'limit_except',
  'location',
  'return',
  'rewrite',
  'set',
]);

/** The only directives that nginx takes in an `if` of the server. */
const inServerIf: ReadonlySet<string> = new Set(['break', 'return', 'rewrite', 'set']);

/** Directives that nginx does not take in an `if` of a location; those of headers and compression it does. */
const notInIf: ReadonlySet<string> = new Set([
  ...ownOfLocations,
  'allow',
  'auth_basic',
  'auth_request',
  'deny',
  'if',
  'internal',
  'limit_except',
  'location',
  'proxy_hide_header',
  'proxy_pass_header',
  'proxy_set_header',
  'satisfy',
]);

/** All directives that are known: those carried over and those that are told of. */
export function isKnown(name: string): boolean {
  return flowDirectives.has(name) || headerHandlers.has(name) || fates.has(name) || onlyInHttp.has(name);
}

/** Why nginx does not take a directive at its place; undefined where it does. */
export function refusal({ name }: Directive, scope: Scope): string | undefined {
  if (onlyInHttp.has(name)) return 'it stands in the http block alone';
  if (scope.place !== 'server' && notInLocations.has(name))
    return 'it stands in the server alone, not in a location';
  if (scope.place === 'server' && (name === 'limit_except' || name === 'internal'))
    return 'it stands in a location alone';
  if (scope.inIf) {
    const allowed =
      scope.place === 'server'
        ? inServerIf.has(name)
        : !notInIf.has(name) || (name === 'proxy_pass' && scope.place === 'own-location');
    return allowed ? undefined : 'it cannot stand in an "if"';
  }
  if (scope.place === 'location' && ownOfLocations.has(name))
    return 'every location of ingress-nginx has the directive already, and nginx does not take it twice';
  return undefined;
}

/** The verdict on a directive that does not decide which requests go where. */
export function judge(directive: Directive, scope: Scope): Verdict {
  const { name } = directive;
  const handler = headerHandlers.get(name);
  if (handler !== undefined) return handler(directive, scope);
  if (scope.place === 'server' && ownOfLocations.has(name))
    return noEffect('Every location of ingress-nginx has the directive itself, which counts.');
  const fate = fates.get(name);
  return fate === undefined ? unknown(directive, scope) : judgeFate(directive, scope, fate);
}

function judgeFate(directive: Directive, scope: Scope, fate: Fate): Verdict {
  const { status, reason } = fate;
  if (fate.harmless?.includes(directive.args[0]?.text ?? '') === true)
    return noEffect('It turns off what is off already.');
  if (status === 'closed') return closedFor(directive, scope, reason);
  if (status === 'no-effect-today') return noEffect(reason);
  if (status === 'not-needed') return notNeeded(reason);
  return manual(directive, scope, { reason, remedy: fate.remedy ?? '', fields: fate.fields ?? [] }, status);
}

function unknown(directive: Directive, scope: Scope): Verdict {
  const protects = /^(?:auth|access|waf|naxsi|jwt|oidc|vouch)(?:_|$)/.test(directive.name);
  if (protects)
    return closedFor(directive, scope, 'the directive is not known, and its name speaks of protection.');
  return manual(directive, scope, {
    reason: `no directive ${directive.name} is known here; if nginx does not know it either, it refuses the whole configuration.`,
    remedy: 'Look up what the directive does, and write its counterpart by hand.',
    fields: ['status'],
  });
}
