import type { Step } from '../plan/step.ts';
import { number } from '../text/count.ts';

/** How many commands of a kind are shown. */
const most = 20;

const titles: Readonly<Partial<Record<Step['kind'], (amount: string) => string>>> = {
  'copy-secret': (amount) => `Copy ${amount} Secrets to the gateway's namespace`,
  certificate: (amount) => `Create ${amount} default certificates in the gateway's namespace`,
};

/** Steps of one kind are one step, which says how to list its other commands where there are many. */
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
    if (title === undefined || size === 1) return [step];
    if (reported.has(kind)) return [];
    reported.add(kind);
    const rest = [
      `# … and ${number(size - most)} more. All of them:`,
      `ingress2istio report INPUT --format json | jq -r '.steps[] | select(.kind == "${kind}") | .commands[]'`,
    ];
    const commands = [...all.slice(0, most).flatMap((one) => one.commands), ...(size > most ? rest : [])];
    return [{ kind, key: kind, title: title(number(size)), commands, origins: [] }];
  });
}
