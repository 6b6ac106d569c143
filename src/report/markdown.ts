import { controllerRows } from '../conversion/controllers.ts';
import { number } from '../text/count.ts';
import { markdownText as text } from '../text/escape.ts';
import { gatheredSteps } from './gathered.ts';
import { type Block, blocksOf, cutBlocks, table } from './markdown/block.ts';
import { findingDetails, folded, ingressDetails, otherDetails } from './markdown/details.ts';
import { gatewayDecisions, inputSection, whatIsLeft } from './markdown/left.ts';
import { namespaceSections } from './markdown/namespaces.ts';
import { stepSection } from './markdown/steps.ts';
import type { Overview } from './overview.ts';
import { effortText, verdictOf } from './summary.ts';

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

/** The report for people, as GitHub's Markdown, in pieces: the verdict, what is left, what to do, and the details folded. */
export function* markdownReport(overview: Overview, options: MarkdownOptions = {}): Generator<string> {
  yield* cutBlocks(blocks(overview, options), options.maxLength);
}

function* blocks(overview: Overview, options: MarkdownOptions): Generator<Block> {
  const { title = 'From ingress-nginx to Istio', lead = '', ownerLabel, figures: counted = true } = options;
  const head = `# ${title}\n\n${lead}`;
  yield {
    part: 'Verdict',
    text: counted
      ? `${head}**${text(verdictOf(overview.summary))}** ${effortText(overview.effort)}\n\n${figures(overview)}`
      : head,
  };
  yield* blocksOf('What is left', whatIsLeft(overview));
  yield* blocksOf('Decisions for the whole gateway', gatewayDecisions(overview));
  yield* blocksOf('Steps', stepSection(gatheredSteps(overview.steps)));
  yield* blocksOf('Input', inputSection(overview));
  yield* blocksOf('By namespace', namespaceSections(overview, ownerLabel));
  if (overview.findings.length + overview.conversion.outcomes.length > 0)
    yield { part: 'Details', text: '\n## Details\n' };
  yield* blocksOf(
    'Findings',
    folded('All findings, with what can differ', findingDetails(overview.findings)),
  );
  yield* blocksOf('Ingresses', folded('What became of each Ingress', ingressDetails(overview)));
  yield* blocksOf('Other settings', folded('What became of the other settings', otherDetails(overview)));
}

function figures({ summary, conversion }: Overview): string {
  const { ingresses, objects, optIns } = summary;
  const written = Object.values(objects).reduce((sum, amount) => sum + amount, 0);
  const rows = [
    ingresses.ready,
    ingresses.decision,
    ingresses.blocked,
    ingresses['left-alone'],
    summary.hosts,
    written,
    summary.secretsToCopy,
  ].map(number);
  const head = ['Ready', 'Decision', 'Blocked', 'Skipped', 'Hosts', 'Objects', 'Secrets to copy'];
  const flags = optIns.length === 0 ? '' : `\nOptions: ${optIns.map((flag) => text(flag)).join(', ')}.\n`;
  const controllers = controllerRows(conversion).map(({ name, ingresses: own, gateway }) => [
    text(name),
    number(own),
    text(gateway),
  ]);
  const shares =
    controllers.length === 0 ? '' : `\n${table(['Controller', 'Ingresses', 'Gateway'], controllers)}`;
  return `${table(head, [rows])}${flags}${shares}`;
}
