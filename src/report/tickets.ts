import { outputPath } from '../output/names.ts';
import { number } from '../text/count.ts';
import { markdownCode as code, markdownText as text } from '../text/escape.ts';
import { table } from './markdown/block.ts';
import { type MarkdownOptions, markdownReport } from './markdown.ts';
import type { Overview } from './overview.ts';
import { ownersOf } from './owners.ts';
import { type Section, type SectionKind, sectionsOf } from './sections.ts';
import { verdictOf } from './summary.ts';

interface Ticket {
  readonly path: string;
  /** As Markdown. */
  readonly name: string;
  readonly overview: Overview;
  readonly owners: readonly string[];
}

/**
 * One report for each host or namespace, one for what concerns all of them, and an index, grouped by owner where a label
 * says who that is.
 * @returns content by path below the directory
 */
export function ticketFiles(
  overview: Overview,
  kind: SectionKind,
  options: MarkdownOptions,
): ReadonlyMap<string, string> {
  const { sections, rest } = sectionsOf(overview, kind);
  const files = new Map<string, string>();
  const tickets = sections.map((section) => ticketOf(section, kind, options.ownerLabel));
  for (const { path, name, overview: own, owners } of tickets) {
    const owner = owners.length === 0 ? '' : `Owner: ${ownerNames(owners)}. `;
    const lead = `${owner}Part of a migration: see [the index](../index.md) and [what concerns every host](../shared.md).\n\n`;
    files.set(
      path,
      [
        ...markdownReport(own, {
          ...options,
          ownerLabel: undefined,
          title: `${name}: from ingress-nginx to Istio`,
          lead,
        }),
      ].join(''),
    );
  }
  const shared = {
    ...options,
    title: 'For every host: from ingress-nginx to Istio',
    lead: 'See [the index](index.md).\n\n',
    figures: false,
  };
  files.set('shared.md', [...markdownReport(rest.overview(), shared)].join(''));
  files.set('index.md', indexOf(overview, tickets, kind));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ticketOf(section: Section, kind: SectionKind, label: string | undefined): Ticket {
  const overview = section.overview();
  const { name } = section;
  const file = outputPath(name === '' ? 'catch-all' : name).replace(/\.yaml$/, '.md');
  return {
    path: `${kind}s/${file}`,
    name: name === '' ? 'The catch-all host' : code(name),
    overview,
    owners: label === undefined ? [] : ownersOf(overview, label),
  };
}

function ownerNames(owners: readonly string[]): string {
  return owners.map((owner) => (owner === '' ? 'nobody' : text(owner, 200))).join(', ');
}

function indexOf(overview: Overview, tickets: readonly Ticket[], kind: SectionKind): string {
  const byOwner = new Map<string, Ticket[]>();
  for (const ticket of tickets) {
    const owner = ownerNames(ticket.owners);
    const known = byOwner.get(owner);
    if (known === undefined) byOwner.set(owner, [ticket]);
    else known.push(ticket);
  }
  const groups = [...byOwner]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, own]) => {
      const head = owner === '' ? '' : `\n## Owner: ${owner}\n`;
      return `${head}\n${table([kind === 'host' ? 'Host' : 'Namespace', 'Ready', 'Decision', 'Blocked'], own.map(rowOf))}`;
    });
  return `# From ingress-nginx to Istio\n\n**${text(verdictOf(overview.summary))}**\n\n[What concerns every host](shared.md) comes first.\n${groups.join('')}`;
}

function rowOf({ name, path, overview }: Ticket): string[] {
  const { ready, decision, blocked } = overview.summary.ingresses;
  const link = path.split('/').map(encodeURIComponent).join('/');
  return [`[${name}](${link})`, number(ready), number(decision), number(blocked)];
}
