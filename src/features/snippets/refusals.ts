import type { Directive } from '../../nginx/directives/parse.ts';
import type { Effect } from '../../plan/effect.ts';
import { accessRules, clientOf, denial } from './access.ts';
import type { Test } from './conditions.ts';
import { closedFor, converted, manual, refusedByNginx, type Scope, type Verdict } from './scope.ts';
import { treatments } from './treatments.ts';

/** Directives of nginx's access phase, which comes after its rewrite phase. */
export function isAccessCheck(name: string): boolean {
  return treatments.get(name)?.status === 'closed' && name !== 'internal' && name !== 'ssl_verify_client';
}

/** A refusal that cannot be written must not become an open door. */
export function orClosed(directive: Directive, scope: Scope, verdict: Verdict): Verdict {
  return isRefusal(directive) ? closedFor(directive, scope, verdict.reason) : verdict;
}

export function isRefusal({ name, args }: Directive): boolean {
  return name === 'deny' || (name === 'return' && /^[45]\d\d$/.test(args[0]?.text ?? ''));
}

/** A condition that cannot be written: closed if it keeps requests away, else left to a person. */
export function undecided(directive: Directive, scope: Scope, reason: string): Verdict {
  const inner = typeof directive.block === 'object' ? directive.block : [];
  if (inner.some(isRefusal)) return closedFor(directive, scope, reason);
  return manual(directive, scope, {
    reason,
    remedy: 'Write its routes manually.',
    fields: ['status', 'location', 'path', 'upstream'],
  });
}

export function refuseClients(
  directive: Directive,
  block: readonly Directive[],
  test: Test & { kind: 'clients' },
  scope: Scope,
): Verdict {
  const [only] = block;
  const blocks = [...(test.from.remoteIpBlocks ?? []), ...(test.from.notRemoteIpBlocks ?? [])];
  const plain =
    block.length === 1 && only?.name === 'return' && only.args.length === 1 && only.args[0]?.text === '403';
  if (plain && scope.place === 'location' && blocks.every((text) => clientOf(text) !== undefined))
    return converted([denial(directive, scope, [test.from])], 'equivalent');
  return undecided(
    directive,
    scope,
    'only a plain "return 403" for a client address can be written, in a location.',
  );
}

/** Keeps methods away; GET allows HEAD, too (nginx 1.27, ngx_http_core_limit_except). */
export function limitExcept(directive: Directive, scope: Scope, verdicts: Map<Directive, Verdict>): Verdict {
  const methods = directive.args.map(({ text }) => text.toUpperCase());
  const block = typeof directive.block === 'object' ? directive.block : [];
  if (methods.length === 0 || block.length === 0)
    return refusedByNginx(directive, scope, 'it takes methods and a block');
  if (block.some(({ name }) => name !== 'allow' && name !== 'deny'))
    return closedFor(directive, scope, 'only allow and deny can be written for some methods.');
  const allowed = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  const rules = accessRules(block, scope);
  for (const [rule, verdict] of rules) verdicts.set(rule, { ...verdict, effects: [] });
  const effects = [...rules.values()]
    .flatMap((verdict) => verdict.effects)
    .map(
      (effect): Effect =>
        effect.kind === 'policy'
          ? { ...effect, purpose: 'methods', notMethods: [...new Set(allowed)] }
          : effect,
    );
  return {
    ...converted(effects, 'equivalent'),
    findings: [...rules.values()].flatMap(({ findings }) => findings),
  };
}
