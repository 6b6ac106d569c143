import type { Step } from '../plan/step.ts';
import { number } from '../text/count.ts';

/** More steps of one kind than this are told as one. */
const most = 20;

const titles: Readonly<Partial<Record<Step['kind'], (amount: string) => string>>> = {
  'copy-secret': (amount) => `Copy ${amount} Secrets to the gateway's namespace`,
  certificate: (amount) => `Make ${amount} Certificates in the gateway's namespace`,
};

/** Thousands of steps of one kind are one, which says how to get at all of their commands. */
export function gatheredSteps(steps: readonly Step[]): Step[] {
  const byKind = new Map<Step['kind'], Step[]>();
  for (const step of steps) {
    const known = byKind.get(step.kind);
    if (known === undefined) byKind.set(step.kind, [step]);
    else known.push(step);
  }
  const reported = new Set<Step['kind']>();
  return steps.flatMap((step) => {
    const { kind } = step;
    const title = titles[kind];
    const all = byKind.get(kind)!;
    const size = all.length;
    if (title === undefined || size <= most) return [step];
    if (reported.has(kind)) return [];
    reported.add(kind);
    const commands = [
      ...all.slice(0, most).flatMap((one) => one.commands),
      `# … and ${number(size - most)} more. All of them:`,
      `ingress2istio report INPUT --format json | jq -r '.steps[] | select(.kind == "${kind}") | .commands[]'`,
    ];
    return [{ kind, key: kind, title: title(number(size)), commands, origins: [] }];
  });
}
