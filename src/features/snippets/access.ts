import ipaddr from 'ipaddr.js';
import type { AuthorizationSource } from '../../istio-api/types.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import type { Effect, PolicyEffect } from '../../plan/effect.ts';
import {
  closedFor,
  converted,
  noEffect,
  originOfDirective,
  refusedByNginx,
  type Scope,
  type Verdict,
} from './scope.ts';

/**
 * `allow` and `deny` of one block: the first rule that fits a client decides (nginx 1.27, ngx_http_access_module.c), so
 * each `deny` keeps its clients away except those that a rule before it allows.
 */
export function accessRules(rules: readonly Directive[], scope: Scope): ReadonlyMap<Directive, Verdict> {
  const verdicts = new Map<Directive, Verdict>();
  const allowed: string[] = [];
  const from: AuthorizationSource[] = [];
  let everybody = false;
  let decided = false;
  for (const rule of rules) {
    const client = rule.args.length === 1 ? clientOf(rule.args[0]!.text) : undefined;
    if (client === undefined) {
      verdicts.set(rule, refusedByNginx(rule, scope, 'it takes one address, block or "all"'));
      continue;
    }
    if (decided || client === 'unix:') {
      verdicts.set(
        rule,
        noEffect(decided ? 'A rule for all clients comes before it.' : 'No client comes over a Unix socket.'),
      );
      continue;
    }
    verdicts.set(rule, converted([]));
    if (rule.name === 'allow') {
      if (client === 'all') decided = true;
      else allowed.push(client);
      continue;
    }
    const exceptions = allowed.length > 0 ? { notRemoteIpBlocks: [...allowed] } : {};
    if (client === 'all') {
      decided = true;
      if (allowed.length === 0) everybody = true;
      else from.push(exceptions);
    } else from.push({ remoteIpBlocks: [client], ...exceptions });
  }
  const last = rules.findLast((rule) => verdicts.get(rule)?.status === 'converted');
  if (last === undefined || (!everybody && from.length === 0)) return verdicts;
  if (scope.satisfyAny && scope.hasAuth) {
    verdicts.set(last, closedFor(last, scope, 'with "satisfy any" it is one of several ways in.'));
    return verdicts;
  }
  verdicts.set(last, converted([denial(last, scope, everybody ? undefined : merged(from))]));
  return verdicts;
}

/** Answers 403 to some clients, or to all. */
export function denial(
  directive: Directive,
  scope: Scope,
  from: readonly AuthorizationSource[] | undefined,
  more: Partial<PolicyEffect> = {},
): Effect {
  return {
    kind: 'policy',
    purpose: 'snippet',
    action: 'DENY',
    ...(from !== undefined && { from }),
    exceptPlainHttp: scope.redirectsPlainHttp,
    annotations: scope.annotations,
    origin: originOfDirective(directive, scope),
    ...more,
  };
}

/** Plain blocks in one source. */
function merged(sources: readonly AuthorizationSource[]): AuthorizationSource[] {
  const plain = sources.filter((source) => source.notRemoteIpBlocks === undefined);
  const others = sources.filter((source) => source.notRemoteIpBlocks !== undefined);
  const blocks = plain.flatMap(({ remoteIpBlocks }) => remoteIpBlocks ?? []);
  return [...(blocks.length > 0 ? [{ remoteIpBlocks: blocks }] : []), ...others];
}

/** The address as Istio takes it; undefined where nginx does not take it. */
export function clientOf(text: string): string | undefined {
  if (text === 'all' || text === 'unix:') return text;
  try {
    if (text.includes('/')) ipaddr.parseCIDR(text);
    else if (!ipaddr.IPv4.isValidFourPartDecimal(text) && !ipaddr.IPv6.isValid(text)) return undefined;
    return text;
  } catch {
    return undefined;
  }
}
