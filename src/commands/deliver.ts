import type { RunSettings } from '../config/settings.ts';
import type { Conversion } from '../conversion/conversion.ts';
import { isAnswered } from '../conversion/level.ts';
import { severities } from '../conversion/places.ts';
import { provenanceOf } from '../conversion/provenance.ts';
import { ownQuestions } from '../conversion/question-text.ts';
import { UsageError } from '../domain/errors.ts';
import { stageDirectory } from '../output/directory.ts';
import { type Files, outputStream } from '../output/files.ts';
import { stageFile } from '../output/report-file.ts';
import { formatOfFile } from '../report/formats.ts';
import { type Overview, overviewOf } from '../report/overview.ts';
import { renderReport } from '../report/render.ts';
import { findingCounts, verdictOf } from '../report/summary.ts';
import { terminalSummary } from '../report/terminal.ts';
import { textReport } from '../report/text.ts';
import { count } from '../text/count.ts';
import { shellWord } from '../text/shell.ts';
import { version } from '../version.ts';
import { interruptible } from './interrupt.ts';
import type { Progress } from './progress.ts';
import { type Terminal, tell, usesColors, writeStdout } from './terminal.ts';

/** Where the result goes, and how much is said about it. */
export interface Delivery {
  /** Directory; undefined: stdout. */
  readonly output: string | undefined;
  readonly reports: readonly string[];
  /** As on the command line; empty where the input is a cluster or stdin. */
  readonly inputs: readonly string[];
  readonly force: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly failOn: RunSettings['failOn'];
  readonly comments: boolean;
  /** What goes into `output`. */
  readonly files?: DirectoryFiles | undefined;
}

/** The files of an output directory, and what becomes of others that an earlier run wrote there. */
export interface DirectoryFiles {
  readonly files: () => Files;
  readonly rest: 'remove' | 'keep';
}

/** @throws {UsageError} no report has that file extension, or two have one file */
export function checkReports(reports: readonly string[]): void {
  for (const [index, path] of reports.entries()) {
    if (formatOfFile(path) === undefined) {
      throw new UsageError(
        `--report ${path} has no extension that we know.`,
        'Use .md, .html, .json, .sarif, .xml (JUnit) or .txt.',
      );
    }
    if (reports.indexOf(path) !== index)
      throw new UsageError(`--report ${path} is given twice.`, 'Give it once.');
  }
}

/** Writes objects and reports, tells the findings, and gives the exit code. Files appear all together or not at all. */
export async function deliver(
  conversion: Conversion,
  delivery: Delivery,
  terminal: Terminal,
  progress: Progress,
): Promise<0 | 1> {
  const overview = overviewOf(conversion);
  const written = await writeFiles(overview, delivery, progress);
  progress.end();
  if (delivery.output === undefined) {
    const { objects, extras = [] } = conversion;
    await writeStdout(terminal, outputStream([...objects, ...extras], delivery));
  }
  const style = {
    width: terminal.stderr.isTTY === true ? terminal.stderr.columns : undefined,
    colors: usesColors(delivery.color, terminal),
  };
  const text = delivery.quiet
    ? textReport(overview, { ...style, quiet: true })
    : `${terminalSummary(overview, style)}${written.join('')}${nextCommand(overview, delivery)}`;
  await tell(terminal, text);
  return exitCodeOf(overview, delivery.failOn);
}

/** What to do next: answer the questions, or read the steps. */
function nextCommand({ effort }: Overview, { inputs, output, reports }: Delivery): string {
  const files = inputs.filter((one) => one !== '-').map((one) => ` ${shellWord(one)}`);
  const input = files.length === 0 ? ' (with the same input)' : files.join('');
  if (ownQuestions(effort).length > 0) return `Next: ingress2istio review${input}\n`;
  if (reports.length === 0) return `Next: ingress2istio report${input}\n`;
  return output === undefined ? `Next: ingress2istio convert --output istio${input}\n` : '';
}

async function writeFiles(
  overview: Overview,
  { output, reports, force, failOn, files }: Delivery,
  progress: Progress,
): Promise<string[]> {
  if (files === undefined && reports.length === 0) return [];
  return interruptible(async (check) => {
    const staged: { commit(): string; discard(): void }[] = [];
    try {
      if (output !== undefined && files !== undefined) {
        progress.show(0.8, 'Writing objects');
        const provenance = provenanceOf(overview.conversion, version);
        const directory = stageDirectory(output, files.files(), { force, rest: files.rest, provenance });
        staged.push({
          discard: directory.discard,
          commit: () => {
            const { written, unchanged, removed } = directory.commit();
            const also = [
              ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
              ...(removed > 0 ? [`${removed} removed`] : []),
            ];
            return `${output}: ${[`${count(written, 'file')} written`, ...also].join(', ')}\n`;
          },
        });
      }
      for (const path of reports) {
        await check();
        progress.show(0.9, `Writing ${path}`);
        const file = stageFile(path, renderReport(formatOfFile(path)!, overview, { version, failOn }));
        staged.push({
          discard: file.discard,
          commit: () => {
            file.commit();
            return `${path}: report written\n`;
          },
        });
      }
      await check();
    } catch (error) {
      for (const { discard } of staged) discard();
      throw error;
    }
    return staged.map(({ commit }) => commit());
  });
}

/** 1 where there are findings at or above `failOn` that nobody has answered in a decisions file. */
export function exitCodeOf({ findings }: Overview, failOn: Delivery['failOn']): 0 | 1 {
  if (failOn === 'never') return 0;
  const counted = severities.slice(0, severities.indexOf(failOn) + 1);
  const fails = findings.some((finding) => counted.includes(finding.type.severity) && !isAnswered(finding));
  return fails ? 1 : 0;
}

/** The verdict and the counts, for stderr. */
export function verdictLines({ summary }: Overview): string {
  const counts = findingCounts(summary);
  return `${verdictOf(summary)}\n${counts === '' ? 'No findings' : counts}.\n`;
}
