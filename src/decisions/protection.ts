import type { ChoiceKind } from '../domain/decision.ts';

/**
 * Annotations that keep requests out (ingress-nginx 1.15.1, annotations/{auth,authreq,authtls,ipallowlist,ipdenylist,
 * modsecurity,ratelimit,satisfy}). A snippet may hold access rules, so every snippet counts.
 */
const protecting =
  /\/(?:auth-.+|enable-global-auth|(?:whitelist|allowlist|denylist)-source-range|satisfy|.*modsecurity.*|enable-owasp-core-rules|limit-(?:rps|rpm|connections|whitelist|allowlist)|(?:force-)?ssl-redirect|.+-snippet)$/;

/** Whether the choice may let requests in that are kept out today, so that it needs a reason. */
export function weakens(
  choice: ChoiceKind,
  annotation: string | undefined,
  finding: string | undefined,
): boolean {
  if (choice === 'accept') return finding === 'annotation/fails-open';
  if (choice !== 'leave-out' && choice !== 'value') return false;
  return annotation !== undefined && protecting.test(annotation);
}
