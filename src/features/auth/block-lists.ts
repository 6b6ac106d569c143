import { type Finding, finding, findingType } from '../../domain/findings.ts';
import { inside } from '../../domain/origin.ts';
import { checkRe2, quoteRegex } from '../../istio-api/patterns.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Context, Feature } from '../feature.ts';

const patternLost = findingType<{ option: string; entry: string; reason: string }>({
  code: 'block/pattern-lost',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'An entry of a global block list cannot be written for Envoy.',
  message: ({ option, entry, reason }) =>
    `The entry ${entry} of ${option} has no counterpart in Envoy: ${reason}. Requests that it refuses today get through.`,
  remedy: () => 'Write the pattern without look-around and back-references.',
});

/**
 * `block-user-agents` and `block-referers` of the controller's ConfigMap: 403 on every host before anything else
 * (ingress-nginx 1.15.1, template/nginx.tmpl, maps block_ua and block_ref; scenario block-lists). `block-cidrs` is an access
 * list (access-lists.ts).
 */
export const blocks: Feature = {
  name: 'blocks',
  findings: [patternLost],
  server(server, context) {
    const effects: Effect[] = [];
    const findings: Finding[] = [];
    for (const [option, header] of headers) {
      const { regex, lost } = patternOf(option, context);
      if (regex !== undefined)
        effects.push({
          kind: 'answer',
          phase: 'client-denied',
          variant: option,
          when: { headers: { [header]: { regex } } },
          answer: { status: 403 },
        });
      if (context.model.servers[0] !== server) continue;
      const { configOrigin } = context.model.controller;
      const where = {
        origin: configOrigin && inside(configOrigin, option),
        scope: { kind: 'platform' as const },
      };
      findings.push(...lost.map((one) => finding(patternLost, { option, ...one }, where)));
    }
    return { effects, claims: [], findings };
  },
};

const headers = [
  ['block-user-agents', 'user-agent'],
  ['block-referers', 'referer'],
] as const;

interface Patterns {
  readonly regex: string | undefined;
  readonly lost: readonly { readonly entry: string; readonly reason: string }[];
}

/** All entries of a list as one pattern for the whole value. */
function patternOf(option: string, { settings }: Context): Patterns {
  const entries = (settings.global(option) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const lost: { entry: string; reason: string }[] = [];
  const patterns: string[] = [];
  for (const entry of entries) {
    const pattern = entryPattern(entry);
    const verdict = checkRe2(pattern);
    if (verdict.ok) patterns.push(pattern);
    else lost.push({ entry, reason: verdict.reason });
  }
  return { regex: patterns.length === 0 ? undefined : patterns.join('|'), lost };
}

/** nginx's `map`: a text is compared without regard to case, `~` begins a pattern that is searched for, `~*` one without case. */
function entryPattern(entry: string): string {
  const text = /^(["'])(.*)\1$/s.exec(entry)?.[2] ?? entry;
  if (text.startsWith('~*')) return `(?is:.*(?:${text.slice(2)}).*)`;
  if (text.startsWith('~')) return `(?s:.*(?:${text.slice(1)}).*)`;
  return `(?i:${quoteRegex(text.replace(/^\\(?=[~\\]|default$|hostnames$)/, ''))})`;
}
