import { number } from '../../text/count.ts';
import type { IngressReadiness, Readiness } from '../readiness.ts';
import { htmlText } from './text.ts';

const order: readonly Readiness[] = ['blocked', 'decision', 'ready', 'left-alone'];

export interface NamespaceCount {
  readonly name: string;
  readonly counts: Readonly<Record<Readiness, number>>;
  readonly total: number;
}

/** Namespaces by what is left to do in them: most blocked first, then most decisions. */
export function namespaceCounts(ingresses: readonly IngressReadiness[]): NamespaceCount[] {
  const counts = new Map<string, Record<Readiness, number>>();
  for (const { ingress, readiness } of ingresses) {
    const { namespace } = ingress.ingress.ref;
    const own = counts.get(namespace) ?? { ready: 0, decision: 0, blocked: 0, 'left-alone': 0 };
    own[readiness]++;
    counts.set(namespace, own);
  }
  return [...counts]
    .map(([name, own]) => ({ name, counts: own, total: order.reduce((sum, key) => sum + own[key], 0) }))
    .sort((a, b) => {
      for (const key of order) if (a.counts[key] !== b.counts[key]) return b.counts[key] - a.counts[key];
      return a.name < b.name ? -1 : 1;
    });
}

/** Names stand above their bars, so that both can be read on a small screen. */
const barWidth = 560;
const row = 42;
const longestName = 40;

/** A picture of readiness: a bar a namespace, as long as it has Ingresses; each is a link that filters the lists. */
export function bars(namespaces: readonly NamespaceCount[], longest: number, title: string): string {
  const height = namespaces.length * row + 4;
  const rows = namespaces.map(({ name, counts, total }, index) => {
    const y = index * row + 4;
    let x = 0;
    const parts = order.map((key) => {
      const width = (counts[key] / longest) * barWidth;
      const rect = `<rect class="${key}" x="${round(x)}" y="${y + 20}" width="${round(width)}" height="12"/>`;
      x += width;
      return counts[key] === 0 ? '' : rect;
    });
    const reported = order
      .filter((key) => counts[key] > 0)
      .map((key) => `${number(counts[key])} ${words[key]}`)
      .join(', ');
    const shown = name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name;
    return `<a href="#namespace=${encodeURIComponent(name.replace(/\p{Cs}/gu, '\ufffd'))}"><title>${htmlText(name)}: ${reported}</title><rect class="hit" x="0" y="${y}" width="${barWidth + 80}" height="${row - 4}"/><text x="0" y="${y + 14}">${htmlText(shown)}</text>${parts.join('')}<text class="sum" x="${round(x + 8)}" y="${y + 31}">${number(total)}</text></a>`;
  });
  return `<svg class="bars" viewBox="0 0 ${barWidth + 80} ${height}" role="group" aria-label="${htmlText(title)}">${rows.join('')}</svg>`;
}

const words: Readonly<Record<Readiness, string>> = {
  blocked: 'blocked',
  decision: 'need a decision',
  ready: 'ready',
  'left-alone': 'skipped',
};

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
