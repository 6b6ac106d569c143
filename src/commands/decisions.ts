import { loadDecisions, loadDecisionsIfThere, saveDecisions } from '../decisions/file.ts';
import { mergeDecisions } from '../decisions/merge.ts';
import { entryText, writeDecisions } from '../decisions/write.ts';
import { choiceText, type Decision, scopeText } from '../domain/decision.ts';
import { UsageError } from '../domain/errors.ts';
import { messageOf } from '../domain/findings.ts';
import { convert } from '../pipeline.ts';
import { decisionsFor } from '../review/decide.ts';
import { progressOf } from '../review/progress.ts';
import { allRows, type Row } from '../review/rows.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { chooseSource, type InputArguments, readSource, runSettings, usualDecisionsPath } from './input.ts';
import { mappingsWith } from './mappings-directory.ts';
import { progressOn } from './progress.ts';
import { type Terminal, tell, writeStdout } from './terminal.ts';

/** The command line of `decisions`, as yargs reads it; `inputs` begins with what is to be done. */
export interface DecisionsArguments extends InputArguments {
  /** For `list`: the questions that are open, as entries to fill in. */
  readonly open: boolean;
  /** For `check`: open questions fail, too. */
  readonly complete: boolean;
  /** For `merge`: the file to write; undefined: stdout. */
  readonly output: string | undefined;
}

/** `merge A B`, `list` and `check`. Gives the exit code. */
export async function decisionsCommand(args: DecisionsArguments, terminal: Terminal): Promise<number> {
  const [verb, ...inputs] = args.inputs;
  switch (verb) {
    case 'merge':
      return merge(inputs, args.output, terminal);
    case 'list':
      return args.open ? listOpen({ ...args, inputs }, terminal) : list({ ...args, inputs }, terminal);
    case 'check':
      return check({ ...args, inputs }, terminal);
    default:
      throw new UsageError(
        verb === undefined ? 'decisions needs a verb.' : `There is no decisions ${visible(verb, 80)}.`,
        `Say ${terminal.program} decisions merge A B, decisions list, or decisions check INPUTS…`,
      );
  }
}

async function merge(
  files: readonly string[],
  output: string | undefined,
  terminal: Terminal,
): Promise<number> {
  const [one, other, ...more] = files;
  if (one === undefined || other === undefined || more.length > 0)
    throw new UsageError('decisions merge takes two files.', 'Name them: decisions merge A B -o MERGED');
  const { directory } = terminal;
  const { decisions, conflicts } = mergeDecisions(
    loadDecisions(one, directory),
    loadDecisions(other, directory),
  );
  if (output === undefined) await writeStdout(terminal, writeDecisions(decisions));
  else saveDecisions(output, directory, decisions);
  for (const conflict of conflicts) {
    const { annotation, finding, scope } = conflict.one;
    const side = ({ by, at, choice, why }: Decision): string =>
      `  ${by}, ${at}: ${choiceText(choice)}${why === '' ? '' : ` (${why})`}`;
    const lines = [
      `conflict: ${annotation ?? finding}, ${scopeText(scope)}`,
      side(conflict.one),
      side(conflict.other),
    ];
    await tell(terminal, `${lines.map((line) => visible(line)).join('\n')}\n`);
  }
  if (conflicts.length === 0) return 0;
  await tell(
    terminal,
    `${count(conflicts.length, 'conflict')}: neither side was taken, so these questions are open again.\n`,
  );
  return 1;
}

async function list(args: DecisionsArguments, terminal: Terminal): Promise<number> {
  const file = fileOf(args);
  const decisions = loadDecisions(file, terminal.directory);
  const lines = decisions.map(({ annotation, finding, scope, choice, by, at, why }) => {
    const subject = [annotation, finding].filter((part) => part !== undefined).join(' ');
    const reason = why === '' ? '' : `: ${why}`;
    return visible(`${subject}  ${choiceText(choice)}  ${scopeText(scope)}  ${by} ${at}${reason}`, 400);
  });
  await writeStdout(terminal, lines.map((line) => `${line}\n`).join(''));
  await tell(terminal, `${count(decisions.length, 'decision')} in ${visible(file, 200)}.\n`);
  return 0;
}

/** The open questions as a file to fill in: each is decided `later` until somebody says more. */
async function listOpen(args: DecisionsArguments, terminal: Terminal): Promise<number> {
  const { rows, open } = await questions(args, terminal);
  const stubs = open.flatMap((row) =>
    decisionsFor(row, {
      choice: { kind: 'later' },
      reach: 'group',
      sample: row.places[0],
      by: 'nobody',
      at: '2000-01-01T00:00:00Z',
      why: '',
    }).map((decision) => `  # ${visible(row.message, 300)}\n${entryText(decision)}`),
  );
  await writeStdout(
    terminal,
    `schema: ingress2istio/decisions/v1\ndecisions:${stubs.length === 0 ? ' []' : ''}\n${stubs.join('')}`,
  );
  await tell(terminal, `${open.length} of ${count(rows.length, 'question')} open.\n`);
  return 0;
}

async function check(args: DecisionsArguments, terminal: Terminal): Promise<number> {
  const { rows, open, decisions, stale } = await questions(args, terminal);
  for (const message of stale) await tell(terminal, `${visible(message)}\n`);
  await tell(
    terminal,
    `${count(decisions.length, 'decision')}, ${stale.length} of them out of date; ${open.length} of ${count(rows.length, 'question')} open.\n`,
  );
  return stale.length > 0 || (args.complete && open.length > 0) ? 1 : 0;
}

async function questions(args: DecisionsArguments, terminal: Terminal) {
  const { directory } = terminal;
  const decisions = args.decisions === false ? [] : loadDecisionsIfThere(fileOf(args), directory);
  const settings = await runSettings({ ...args, decisions: false }, directory);
  const mappings = await mappingsWith(args.mappings, directory);
  const source = chooseSource(args, 'decisions', terminal);
  const progress = progressOn(terminal, false);
  try {
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    const obeyed = convert(cluster, { ...options, decisions }, mappings);
    const rows = allRows(convert(cluster, options, mappings), obeyed);
    const states = progressOf(rows, decisions);
    const open = rows.filter(({ key }: Row) => states.get(key)?.state !== 'decided');
    const stale = obeyed.findings.filter(({ type }) =>
      ['decisions/stale', 'decisions/unused'].includes(type.code),
    );
    return { rows, open, decisions, stale: stale.map(messageOf) };
  } finally {
    progress.end();
  }
}

function fileOf({ decisions, inputs }: InputArguments): string {
  return typeof decisions === 'string' ? decisions : usualDecisionsPath(inputs);
}
