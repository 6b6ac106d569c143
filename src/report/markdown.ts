import { controllerRows } from '../conversion/controllers.ts';
import { count, number } from '../text/count.ts';
import { markdownText as text } from '../text/escape.ts';
import { gatheredSteps } from './gathered.ts';
import { type Block, blocksOf, cutBlocks, table } from './markdown/block.ts';
import { changes, effortText } from './markdown/changes.ts';
import {
  findingSections,
  ingressSections,
  outcomeTable,
  questionRows,
  whatToDo,
} from './markdown/details.ts';
import type { Overview } from './overview.ts';
import { verdictOf } from './summary.ts';

export interface MarkdownOptions {
  /** Label of Ingresses (or Namespaces) that names who owns them. */
  readonly ownerLabel?: string | undefined;
  /** Most characters, for trackers that cut; undefined: all of it. */
  readonly maxLength?: number | undefined;
  readonly title?: string;
  /** Lines below the title, as Markdown. */
  readonly lead?: string;
  /** False for a part that holds no Ingress of its own, where figures say nothing. */
  readonly figures?: boolean;
}

/** The report for people, as GitHub's Markdown, in pieces: verdict, what changes, what to do, findings, and what became of everything. */
export function* markdownReport(overview: Overview, options: MarkdownOptions = {}): Generator<string> {
  yield* cutBlocks(blocks(overview, options), options.maxLength);
}

function* blocks(overview: Overview, options: MarkdownOptions): Generator<Block> {
  const { title = 'From ingress-nginx to Istio', lead = '', ownerLabel, figures: counted = true } = options;
  const { work, decisions } = overview.effort;
  const steps = gatheredSteps(overview.steps);
  const head = `# ${title}\n\n${lead}`;
  if (counted) {
    yield {
      part: 'Verdict',
      text: `${head}**${text(verdictOf(overview.summary))}**\n\n${figures(overview)}${controllersTable(overview)}`,
    };
    yield { part: 'Effort', text: `\n${effortText(overview)}\n` };
  } else yield { part: 'Verdict', text: head };
  yield* blocksOf('Effort', questionRows(work, decisions));
  yield* blocksOf('What changes', changes(overview, steps, ownerLabel));
  yield* blocksOf('What you have to do', whatToDo(steps));
  yield* blocksOf('Findings', findingSections(overview.findings));
  yield* blocksOf('What became of each Ingress', ingressSections(overview));
  yield* blocksOf('What became of the rest', otherOutcomes(overview));
}

function figures({ summary }: Overview): string {
  const { ingresses, objects, optIns } = summary;
  const kinds = Object.entries(objects).map(([kind, amount]) => `${number(amount)} ${text(kind)}`);
  const rows: [string, string][] = [
    ['Ingresses ready', number(ingresses.ready)],
    ['Ingresses that need a decision', number(ingresses.decision)],
    ['Ingresses blocked', number(ingresses.blocked)],
    ['Ingresses that ingress-nginx does not select, left alone', number(ingresses['left-alone'])],
    ['Hosts', number(summary.hosts)],
    ['Objects written', kinds.length === 0 ? 'none' : kinds.join(', ')],
    ['Secrets to copy', number(summary.secretsToCopy)],
    ['Opt-ins used', optIns.length === 0 ? 'none' : optIns.map((flag) => text(flag)).join(', ')],
    [
      'Findings',
      (['error', 'warning', 'note'] as const)
        .map((severity) => count(summary.findings[severity], severity))
        .join(', '),
    ],
  ];
  return table(['', ''], rows);
}

/** Which controller has which gateway, where there are several. */
function controllersTable({ conversion }: Overview): string {
  const rows = controllerRows(conversion).map(({ name, ingresses, gateway }) => [
    text(name),
    number(ingresses),
    text(gateway),
  ]);
  return rows.length === 0 ? '' : `\n${table(['Controller', 'Ingresses', 'Gateway'], rows)}`;
}

/** Outcomes of things that are no Ingress: the controller's options and its TCP services. */
function* otherOutcomes({ conversion }: Overview): Generator<string> {
  const others = conversion.outcomes.filter(({ subject }) => subject.origin.source.ref.kind !== 'Ingress');
  if (others.length > 0) yield `\n## What became of the rest\n\n${outcomeTable(others)}`;
  const left = [...conversion.cluster.others].sort(([a], [b]) => (a < b ? -1 : 1));
  if (left.length > 0) {
    yield `\nOther objects of the input were left alone: ${left
      .map(([kind, amount]) => `${number(amount)} ${text(kind, 200)}`)
      .join(', ')}.\n`;
  }
}
