import { type Example, exampleOf } from '../catalogue/example.ts';
import { explain, type Paragraph } from '../catalogue/explain.ts';
import { findSubject, pageOf, type Subject } from '../catalogue/subjects.ts';
import { UsageError } from '../domain/errors.ts';
import { defaultOptions } from '../domain/options.ts';
import { convert } from '../pipeline.ts';
import { readTexts } from '../read/index.ts';
import { addressOf } from '../site.ts';
import { visible } from '../text/escape.ts';
import { paint, wrap } from '../text/paint.ts';
import { mappingsWith } from './mappings-directory.ts';
import { shippedSamples } from './samples.ts';
import { type Terminal, usesColors, writeStdout } from './terminal.ts';

export interface ExplainArguments {
  readonly words: readonly string[];
  readonly mappings: string | undefined;
  readonly color: 'auto' | 'always' | 'never';
}

/** Explains an annotation, a key of the controller's ConfigMap or the code of a finding. Gives the exit code. */
export async function explainCommand(args: ExplainArguments, terminal: Terminal): Promise<0> {
  const [word, ...more] = args.words;
  if (word === undefined || more.length > 0)
    throw new UsageError(
      word === undefined ? 'There is nothing to explain.' : 'One thing is explained at a time.',
      `Name an annotation, a key of the controller's ConfigMap or the code of a finding: ${terminal.program} explain rewrite-target`,
    );
  const found = findSubject(word, await mappingsWith(args.mappings, terminal.directory));
  if (!found.ok) {
    const guess = found.suggestions.length === 0 ? '' : `Did you mean ${found.suggestions.join(' or ')}? `;
    throw new UsageError(
      `Nothing is known by the name "${visible(word, 80)}".${found.note === '' ? '' : ` ${found.note}`}`,
      `${guess}${terminal.program} annotations lists all annotations.`,
    );
  }
  const colors = usesColors(args.color, { ...terminal, stderr: terminal.stdout });
  const paragraphs = [
    ...explain(found.subject, findExample(found.subject)),
    { title: 'On the web', text: addressOf(pageOf(found.subject)), code: true },
  ];
  await writeStdout(terminal, format(paragraphs, colors, terminal));
  return 0;
}

function format(paragraphs: readonly Paragraph[], colors: boolean, { stdout }: Terminal): string {
  const { strong } = paint(colors);
  const width = Math.min(100, stdout.columns ?? 100) - 2;
  return paragraphs
    .map(({ title, text, code }) => {
      const lines = text
        .split('\n')
        .flatMap((line) => (code === true ? [line] : wrap(line, width, '').split('\n')));
      return `${strong(title)}\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
    })
    .join('\n');
}

/** The first sample with the annotation, converted as it stands. */
function findExample(subject: Subject): Example | undefined {
  if (subject.kind !== 'annotation') return undefined;
  const names = [subject.mapping.name, ...subject.mapping.aliases];
  for (const { name, input } of shippedSamples()) {
    if (!names.some((annotation) => input.includes(`/${annotation}:`))) continue;
    const conversion = convert(readTexts([{ file: 'input.yaml', text: input }]), defaultOptions);
    const example = exampleOf(name, conversion, names);
    if (example !== undefined) return example;
  }
  return undefined;
}
