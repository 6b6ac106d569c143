import type { Mappings } from '../decode/mapping.ts';
import { type Finding, messageOf } from '../domain/findings.ts';
import type { GivenOptions } from '../domain/options.ts';
import { positionOf } from '../domain/origin.ts';
import type { Cluster } from '../read/cluster.ts';
import { readTexts } from '../read/index.ts';
import { redact } from '../redact/index.ts';
import { problemsWithoutObject } from '../redact/objects.ts';
import { count } from '../text/count.ts';
import { visible } from '../text/escape.ts';
import { type Terminal, tell } from './terminal.ts';

/** The file that places in a redacted report are in: what `redact` writes. */
const redactedFile = 'redacted.yaml';

interface ReadInput {
  readonly cluster: Cluster;
  readonly options: GivenOptions;
}

interface RedactedInput extends ReadInput {
  /** 1 where something of the input could not be read, and so is not in the result. */
  readonly exitCode: 0 | 1;
}

/** What is read, with placeholders: exactly what a reader of the redacted dump would have. */
export async function redactedInput(
  { cluster, options }: ReadInput,
  mappings: Mappings,
  terminal: Terminal,
): Promise<RedactedInput> {
  const { decisions = [], ...choices } = options;
  const redacted = redact(cluster, choices, mappings);
  const notes = decisions.length > 0 ? ["Decisions aren't applied: their file isn't redacted."] : [];
  const exitCode = await tellLeftOut(cluster, terminal, notes);
  const text = [...redacted.texts].join('');
  return { cluster: readTexts([{ file: redactedFile, text }]), options: redacted.options, exitCode };
}

/** What can't be redacted, because it isn't even an object, is not in the result; people have to be able to see that. */
export async function tellLeftOut(
  cluster: Cluster,
  terminal: Terminal,
  notes: readonly string[] = [],
): Promise<0 | 1> {
  const found = problemsWithoutObject(cluster);
  const problems = found.map(problemLine);
  const head =
    problems.length === 0 ? [] : [`Left out, with ${count(problems.length, 'problem')} of the input:`];
  const lines = [...notes, ...head, ...problems];
  if (lines.length > 0) await tell(terminal, `${lines.join('\n')}\n`);
  return found.some(({ type }) => type.severity === 'error') ? 1 : 0;
}

function problemLine(problem: Finding): string {
  const { origin, type } = problem;
  const place = origin === undefined ? '' : `${origin.source.file}:${positionOf(origin).line}: `;
  return visible(`  ${place}${type.severity}: ${messageOf(problem)}`, 400);
}
