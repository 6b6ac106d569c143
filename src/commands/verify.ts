import type { Conversion } from '../conversion/conversion.ts';
import type { Question } from '../conversion/questions.ts';
import { UsageError } from '../domain/errors.ts';
import { stageFile } from '../output/report-file.ts';
import { convert } from '../pipeline.ts';
import { formatOfFile } from '../report/formats.ts';
import { overviewOf } from '../report/overview.ts';
import { count } from '../text/count.ts';
import type { Probe } from '../verify/judge/probe.ts';
import { probesOfLog } from '../verify/live/log-probes.ts';
import type { LogVerification } from '../verify/log/verification.ts';
import { verifyFormats } from '../verify/report/formats.ts';
import { isAnswered, type LiveRun, liveDocument } from '../verify/report/live-document.ts';
import { liveJson, liveJunit } from '../verify/report/live-machine.ts';
import { logDocument } from '../verify/report/log-document.ts';
import { logJson } from '../verify/report/log-json.ts';
import { version } from '../version.ts';
import { chooseSource, type InputArguments, readSource, runSettings } from './input.ts';
import { mappingsWith } from './mappings-directory.ts';
import { type Progress, progressOn } from './progress.ts';
import { type SelectArguments, type Selection, selectionOf } from './select.ts';
import { type Terminal, tell, usesColors, writeStdout } from './terminal.ts';
import { checkStdin, type LogArguments, verifyLogs } from './traffic.ts';
import { announcement, type LiveArguments, printPlan, runLive, setupOf } from './verify-live.ts';

/** The command line of `verify`, as yargs reads it. */
export interface VerifyArguments extends InputArguments, SelectArguments {
  readonly logs: LogArguments;
  /** Undefined: no gateways are named. */
  readonly live: LiveArguments | undefined;
  /** Undefined: by the extension of `output`, else text. */
  readonly format: VerifyFormat | undefined;
  readonly output: string | undefined;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

export type VerifyFormat = 'text' | 'md' | 'html' | 'json' | 'junit';

/** Checks a conversion on traffic. Gives the exit code: 1 where a difference is declared by nothing. */
export async function verifyCommand(args: VerifyArguments, terminal: Terminal): Promise<number> {
  const format = formatFor(args);
  checkLogs(args);
  const settings = await runSettings(args, terminal.directory);
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  const source = chooseSource(args, 'verify', terminal);
  const progress = progressOn(terminal, args.quiet);
  try {
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const conversion = oneController(convert(cluster, options, mappings));
    const selection = await selectionOf(conversion, args, args.inputs, terminal.directory);
    return args.live === undefined
      ? await offline(args, format, { conversion, selection }, terminal, progress)
      : await live(args, args.live, format, { conversion, selection }, terminal, progress);
  } finally {
    progress.end();
  }
}

/**
 * A log, and a pair of gateways, is that of one controller.
 * @throws {UsageError} the input has several that are converted
 */
function oneController(conversion: Conversion): Conversion {
  const { controllers = [] } = conversion;
  const converted = controllers.filter((part) => part.conversion !== undefined);
  if (controllers.length === 0) return conversion;
  const [only] = converted;
  if (converted.length === 1 && only?.conversion !== undefined) return only.conversion;
  const names = (converted.length === 0 ? controllers : converted).map(({ name }) => name).join(', ');
  throw new UsageError(
    converted.length === 0
      ? `No controller of the input has a gateway: ${names}.`
      : `The input has several controllers, and verify looks at the traffic of one: ${names}.`,
    converted.length === 0
      ? 'Name the gateways with --gateway-for, or under controllers in the config file.'
      : 'Say which one with --controller CLASS.',
  );
}

/** @throws {UsageError} */
function checkLogs({ logs, inputs, live, format, cluster }: VerifyArguments): void {
  if (format === 'junit' && live === undefined)
    throw new UsageError('A log has no JUnit report.', 'Use --format json, or --from and --to.');
  if (logs.log.length === 0 && live === undefined) {
    throw new UsageError(
      'There is no traffic to verify with.',
      'Name access logs with --log FILE, or gateways with --from and --to.',
    );
  }
  checkStdin(logs, { inputs, cluster });
}

/** The conversion of all hosts, by which requests are judged, and which of them are looked at. */
interface Verified {
  readonly conversion: Conversion;
  readonly selection: Selection | undefined;
}

async function offline(
  args: VerifyArguments,
  format: VerifyFormat,
  { conversion: whole, selection }: Verified,
  terminal: Terminal,
  progress: Progress,
): Promise<number> {
  const conversion = selection?.conversion ?? whole;
  const { effort } = overviewOf(conversion);
  const requested = [...effort.work, ...effort.decisions, ...effort.gateway];
  const verification = await verifyLogs(args.logs, whole, requested, terminal.stdin, progress, selection);
  const questions = overviewOf(conversion, verification.questions).effort;
  progress.end();
  await deliver(
    args,
    pieces(
      verification,
      [...questions.work, ...questions.decisions, ...questions.gateway],
      conversion,
      format,
      args,
      terminal,
    ),
    terminal,
  );
  return verification.verdicts.undeclared > 0 ? 1 : 0;
}

async function live(
  args: VerifyArguments,
  requested: LiveArguments,
  format: VerifyFormat,
  verified: Verified,
  terminal: Terminal,
  progress: Progress,
): Promise<number> {
  const logged =
    args.logs.log.length === 0 ? undefined : await loggedProbes(args, verified, terminal, progress);
  const { conversion, selection } = verified;
  const setup = setupOf(requested, selection?.conversion ?? conversion, logged, terminal.directory);
  progress.end();
  await tell(terminal, announcement(setup, requested));
  if (requested.dryRun) {
    await printPlan(setup, terminal);
    return 0;
  }
  const run = await runLive(requested, setup, conversion, terminal, progress);
  progress.end();
  await deliver(args, livePieces(run, format, args, terminal), terminal);
  return run.results.some(({ verdict }) => verdict === 'undeclared') || !isAnswered(run.results) ? 1 : 0;
}

async function loggedProbes(
  { logs }: VerifyArguments,
  { conversion, selection }: Verified,
  terminal: Terminal,
  progress: Progress,
): Promise<Probe[]> {
  const { requests } = await verifyLogs(logs, conversion, [], terminal.stdin, progress, selection);
  return probesOfLog(requests);
}

function livePieces(
  run: LiveRun,
  format: VerifyFormat,
  { color, output }: VerifyArguments,
  terminal: Terminal,
): Iterable<string> {
  if (format === 'json') return liveJson(run, version);
  if (format === 'junit') return liveJunit(run);
  const colors = output === undefined && usesColors(color, { ...terminal, stderr: terminal.stdout });
  return verifyFormats[format](liveDocument(run), { colors, version });
}

function pieces(
  verification: LogVerification,
  questions: readonly Question[],
  conversion: Conversion,
  format: VerifyFormat,
  { color, output }: VerifyArguments,
  terminal: Terminal,
): Iterable<string> {
  const byRequests = [...questions].sort((a, b) => (b.requests ?? 0) - (a.requests ?? 0));
  if (format === 'json') return logJson(verification, byRequests, version);
  const colors = output === undefined && usesColors(color, { ...terminal, stderr: terminal.stdout });
  return verifyFormats[format === 'junit' ? 'text' : format](
    logDocument(verification, byRequests, conversion),
    { colors, version },
  );
}

async function deliver(
  { output, quiet }: VerifyArguments,
  report: Iterable<string>,
  terminal: Terminal,
): Promise<void> {
  if (output === undefined) {
    await writeStdout(terminal, [...report].join(''));
    return;
  }
  stageFile(output, report).commit();
  if (!quiet) await tell(terminal, `${output}: report written\n`);
}

/** @throws {UsageError} the file's extension says nothing */
function formatFor({ format, output }: VerifyArguments): VerifyFormat {
  if (format !== undefined || output === undefined) return format ?? 'text';
  const ofFile = formatOfFile(output);
  if (ofFile !== undefined && ofFile !== 'sarif') return ofFile;
  throw new UsageError(
    `--output ${output} has no extension that verify can write.`,
    'Name the format with --format, or use .txt, .md, .html, .json or .xml (JUnit).',
  );
}
