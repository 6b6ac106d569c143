// Holds the imports of src/ against the picture in CONTRIBUTING.md: which folder may use which. Run by `npm run check`.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * What each folder of `src/` may import, beside itself. A folder may only name such as stand before it, so there is no circle.
 * A file of `src/` itself is a folder of one.
 */
export const layers: Readonly<Record<string, readonly string[]>> = {
  // Vocabulary: words that all others share.
  memoize: [],
  domain: [],
  'measured.generated': [],
  version: ['measured.generated'],
  site: [],
  text: ['domain'],
  'istio-api': ['domain', 'text', 'memoize'],
  emit: ['memoize'],
  // The way of the input.
  read: ['domain', 'text'],
  cluster: ['read', 'domain', 'text'],
  config: ['read', 'domain'],
  decode: ['read', 'domain'],
  nginx: ['decode', 'read', 'domain', 'memoize'],
  // What lies between: features write it, the assembler reads it, and neither knows the other.
  plan: ['nginx', 'decode', 'istio-api', 'text', 'domain', 'memoize'],
  features: ['plan', 'nginx', 'decode', 'read', 'istio-api', 'text', 'domain', 'memoize'],
  istio: ['plan', 'nginx', 'read', 'istio-api', 'text', 'domain', 'memoize'],
  conversion: ['plan', 'nginx', 'read', 'emit', 'text', 'domain', 'site'],
  checks: ['conversion', 'plan', 'nginx', 'read', 'istio-api', 'text', 'domain'],
  ledger: ['istio', 'features', 'plan', 'nginx', 'decode', 'read', 'domain'],
  decisions: ['conversion', 'nginx', 'decode', 'read', 'emit', 'text', 'domain'],
  // What Istio adds to a conversion, where it is asked for.
  extras: [
    'checks',
    'conversion',
    'features',
    'plan',
    'nginx',
    'decode',
    'read',
    'istio-api',
    'text',
    'domain',
  ],
  // Several controllers in one input: who serves what, and their conversions as one.
  controllers: [
    'decisions',
    'conversion',
    'checks',
    'istio',
    'plan',
    'nginx',
    'read',
    'istio-api',
    'text',
    'domain',
  ],
  pipeline: [
    'extras',
    'controllers',
    'decisions',
    'conversion',
    'ledger',
    'checks',
    'istio',
    'features',
    'nginx',
    'decode',
    'read',
    'domain',
  ],
  // What is made of a conversion.
  output: ['plan', 'emit', 'istio-api', 'domain'],
  report: ['conversion', 'output', 'plan', 'nginx', 'read', 'emit', 'istio-api', 'text', 'domain'],
  selection: ['conversion', 'plan', 'nginx', 'read', 'istio-api', 'text', 'domain'],
  waves: [
    'selection',
    'report',
    'conversion',
    'plan',
    'nginx',
    'read',
    'emit',
    'istio-api',
    'text',
    'domain',
  ],
  diff: ['conversion', 'plan', 'nginx', 'decode', 'read', 'emit', 'istio-api', 'text', 'domain'],
  verify: ['report', 'diff', 'conversion', 'nginx', 'decode', 'text', 'domain'],
  // The input without what belongs to its owner.
  redact: ['features', 'decode', 'read', 'istio-api', 'emit', 'domain'],
  review: ['pipeline', 'decisions', 'conversion', 'decode', 'read', 'emit', 'text', 'domain'],
  'finding-types': [
    'extras',
    'selection',
    'controllers',
    'decisions',
    'ledger',
    'checks',
    'istio',
    'features',
    'nginx',
    'decode',
    'cluster',
    'read',
    'domain',
  ],
  catalogue: ['finding-types', 'conversion', 'config', 'decode', 'emit', 'text', 'domain', 'site'],
  // What shells and the manual page are told of the command line.
  usage: ['catalogue', 'waves', 'selection', 'config', 'text'],
  commands: [
    'usage',
    'catalogue',
    'waves',
    'selection',
    'review',
    'redact',
    'verify',
    'diff',
    'report',
    'output',
    'pipeline',
    'decisions',
    'conversion',
    'config',
    'cluster',
    'decode',
    'read',
    'text',
    'domain',
    'version',
    'measured.generated',
    'site',
  ],
  cli: ['commands', 'version'],
};

/** A file of `src/`, by its path below it, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What is wrong, a sentence each; empty where the imports are as the picture says. */
export function wrongImports(
  files: readonly SourceFile[],
  rules: Readonly<Record<string, readonly string[]>> = layers,
): string[] {
  const names = Object.keys(rules);
  const upwards = names.flatMap((name, index) =>
    rules[name]!.filter((other) => names.indexOf(other) === -1 || names.indexOf(other) >= index).map(
      (other) => `The folder ${name} may import ${other}, which does not stand before it.`,
    ),
  );
  const wrong = files.flatMap(({ path, text }) => {
    const from = folderOf(path);
    const allowed = rules[from];
    if (allowed === undefined) return [`src/${path} is in a folder without a rule.`];
    return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
      .map(([, target]) => normalize(join(dirname(path), target!)))
      .filter((target) => !target.startsWith('..'))
      .filter((target) => folderOf(target) !== from && !allowed.includes(folderOf(target)))
      .map((target) => `src/${path} imports src/${target}: ${from} may not use ${folderOf(target)}.`);
  });
  return [...upwards, ...wrong];
}

function folderOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.tsx?$/, '');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(source, path), 'utf8') }));
  const wrong = wrongImports(files);
  for (const sentence of wrong) console.error(sentence);
  if (wrong.length > 0) process.exitCode = 1;
}
