import { basename, join, relative } from 'node:path';
import type { Conversion } from '../conversion/conversion.ts';
import { provenanceOf } from '../conversion/provenance.ts';
import { againstDiff } from '../diff/against.ts';
import type { Earlier } from '../diff/causes.ts';
import type { DiffDocument } from '../diff/document.ts';
import { diffFormats } from '../diff/formats.ts';
import { manifestsDiff } from '../diff/manifests.ts';
import { routesDiff } from '../diff/routes-view.ts';
import { UsageError } from '../domain/errors.ts';
import type { Finding } from '../domain/findings.ts';
import { messageOf } from '../domain/findings.ts';
import { type GivenOptions, gatewayNamespaces } from '../domain/options.ts';
import { hashOf, manifestName, parseManifest, parseProvenance } from '../output/manifest.ts';
import { convert } from '../pipeline.ts';
import type { Cluster, PlainObject } from '../read/cluster.ts';
import { readInputs } from '../read/files.ts';
import { type InputText, readTexts } from '../read/index.ts';
import { overviewOf } from '../report/overview.ts';
import { textReport } from '../report/text.ts';
import { count } from '../text/count.ts';
import { version } from '../version.ts';
import {
  accessOf,
  type ClusterArguments,
  checkCluster,
  chooseSource,
  type InputArguments,
  type InputSource,
  readSource,
  runSettings,
} from './input.ts';
import { mappingsWith } from './mappings-directory.ts';
import { type Progress, progressOn } from './progress.ts';
import { concerns, type SelectArguments, selectionOf } from './select.ts';
import { type Terminal, tell, usesColors, writeStdout } from './terminal.ts';

/** The command line of `diff`, as yargs reads it. */
export interface DiffArguments extends InputArguments, SelectArguments {
  readonly view: 'manifests' | 'routes';
  /** `cluster`, `input`, a file or a directory; undefined: a view of the conversion itself. */
  readonly against: string | undefined;
  readonly format: 'text' | 'md' | 'html';
  readonly sideBySide: boolean;
  /** Rows and objects that are the same are shown, too. */
  readonly all: boolean;
  readonly exitCode: boolean;
  readonly quiet: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Shows what the conversion changes. Writes to stdout alone. Gives the exit code. */
export async function diffCommand(args: DiffArguments, terminal: Terminal): Promise<number> {
  const settings = await runSettings(args, terminal.directory);
  const mappings = await mappingsWith(args.mappings, terminal.directory);
  const source = sourceOf(args, terminal);
  const progress = progressOn(terminal, args.quiet);
  let document: DiffDocument;
  let errors: string;
  try {
    const { cluster, options } = await readSource(source, settings, terminal, progress);
    progress.show(0.5, `Converting ${count(cluster.ingresses.length, 'Ingress', 'Ingresses')}`);
    const whole = convert(cluster, options, mappings);
    const selection = await selectionOf(whole, args, args.inputs, terminal.directory);
    const conversion = selection?.conversion ?? whole;
    const colors = usesColors(args.color, terminal);
    errors = textReport(overviewOf(conversion), { width: undefined, colors, quiet: true });
    progress.show(0.8, 'Comparing');
    if (args.against === undefined) {
      document = args.view === 'routes' ? routesDiff(conversion, args.all) : manifestsDiff(conversion);
    } else {
      const there = await existing(args.against, { args, source, cluster, terminal, progress, options });
      const compared =
        selection === undefined ? there.objects : there.objects.filter(concerns(whole, selection));
      const earlier = there.output === undefined ? undefined : earlierOf(there.output, whole);
      const written = [...conversion.objects, ...(conversion.extras ?? [])];
      document = againstDiff(written, compared, args.against, earlier);
    }
  } finally {
    progress.end();
  }
  const { stdout } = terminal;
  const style = {
    sideBySide: args.sideBySide,
    colors: usesColors(args.color, { ...terminal, stderr: stdout }),
    width: stdout.isTTY === true ? stdout.columns : undefined,
  };
  await tell(terminal, errors);
  let buffer = '';
  for (const piece of diffFormats[args.format](document, style)) {
    buffer += piece;
    if (buffer.length < 1 << 16) continue;
    await writeStdout(terminal, buffer);
    buffer = '';
  }
  await writeStdout(terminal, buffer);
  return args.exitCode && document.different ? 1 : 0;
}

/** Beside files, the flags of a cluster say which one `--against cluster` means. */
function sourceOf(args: DiffArguments, terminal: Terminal): InputSource {
  if (args.against !== 'cluster') return chooseSource(args, 'diff', terminal);
  checkCluster(args.cluster);
  return args.inputs.length > 0
    ? { kind: 'files', paths: args.inputs }
    : chooseSource(args, 'diff', terminal);
}

interface Surroundings {
  readonly args: DiffArguments;
  readonly source: InputSource;
  readonly cluster: Cluster;
  readonly terminal: Terminal;
  readonly progress: Progress;
  readonly options: GivenOptions;
}

interface Existing {
  readonly objects: readonly PlainObject[];
  readonly output?: EarlierOutput;
}

/** A directory that an earlier run wrote. */
interface EarlierOutput {
  readonly manifest: string;
  readonly directory: string;
  readonly files: readonly InputText[];
}

async function existing(
  against: string,
  { args, source, cluster, terminal, progress, options }: Surroundings,
): Promise<Existing> {
  if (against === 'input') return { objects: comparable(cluster) };
  if (against === 'cluster') {
    if (source.kind === 'cluster') return { objects: comparable(cluster) };
    return { objects: await readLive(args.cluster, options, terminal, progress) };
  }
  const { inputs, findings } = await readInputs([against], terminal.stdin);
  refuse(findings);
  // Of an earlier output, what no cluster takes is no object.
  const objects = inputs.filter(
    ({ file }) => basename(file) !== manifestName && !/[\\/]mesh[\\/]/.test(file),
  );
  const read = readTexts(objects);
  refuse(read.findings);
  const manifest = inputs.find(({ file }) => file === join(against, manifestName));
  const output = manifest && { manifest: manifest.text, directory: against, files: inputs };
  return { objects: comparable(read), ...(output !== undefined && { output }) };
}

/** What the manifest of an earlier output says, beside what it would say today. */
function earlierOf({ manifest, directory, files }: EarlierOutput, conversion: Conversion): Earlier {
  const written = parseManifest(manifest);
  const edited = files
    .map(({ file, text }) => ({ path: relative(directory, file).replaceAll('\\', '/'), text }))
    .filter(({ path, text }) => written?.has(path) === true && written.get(path) !== hashOf(text))
    .map(({ path }) => path.replace(/\.yaml$/, ''));
  return {
    before: parseProvenance(manifest),
    now: provenanceOf(conversion, version),
    edited: new Set(edited),
  };
}

async function readLive(
  cluster: ClusterArguments,
  options: GivenOptions,
  terminal: Terminal,
  progress: Progress,
): Promise<readonly PlainObject[]> {
  const { readCluster } = await import('../cluster/read.ts');
  const live = {
    access: accessOf(cluster, terminal),
    namespaces: cluster.fromNamespaces,
    gatewayNamespaces: gatewayNamespaces(options),
    outputOnly: true,
  };
  const { inputs, findings } = await readCluster(live, ({ done, total, text }) =>
    progress.show(0.8 + (done / total) * 0.2, text),
  );
  refuse(findings);
  return comparable(readTexts(inputs));
}

/** What is missing on one side would look as if it had to be created. */
function refuse(findings: readonly Finding[]): void {
  const bad = findings.find(({ type }) => type.severity !== 'note');
  if (bad === undefined) return;
  throw new UsageError(
    `There is nothing whole to compare with: ${messageOf(bad)}`,
    'Give --against a directory, a file, cluster or input that can be read as a whole.',
  );
}

function comparable({ istioObjects, related }: Cluster): readonly PlainObject[] {
  return [...istioObjects, ...related.filter(({ ref }) => ref.kind === 'Certificate')];
}
