// Names in each mapping the conformance scenarios that prove it, from a result of `npm run conformance -- … --json FILE`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInMappings } from '../src/decode/mappings.ts';
import { readYaml } from './docs.ts';

interface Result {
  readonly profile: string;
  readonly scenarios: readonly {
    readonly name: string;
    readonly probes: readonly { readonly verdict: string }[];
  }[];
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('give the file that --json wrote');
const results = [JSON.parse(readFileSync(file, 'utf8'))].flat() as Result[];
const scenarios = fileURLToPath(new URL('../test/conformance/scenarios/', import.meta.url));
const mappings = fileURLToPath(new URL('../mappings/', import.meta.url));

/** A scenario proves something where nothing undeclared is left in any profile and some probe is the same. */
function isProof(name: string): boolean {
  const probes = results
    .flatMap((result) => result.scenarios.filter((one) => one.name === name))
    .flatMap((one) => one.probes);
  return (
    probes.some(({ verdict }) => verdict === 'same') &&
    !probes.some(({ verdict }) => verdict === 'undeclared' || verdict === 'refused')
  );
}

const proofs = readdirSync(scenarios)
  .sort()
  .filter(isProof)
  .map((name) => ({ name, input: readFileSync(`${scenarios}${name}/input.yaml`, 'utf8') }));

/** At most three: those made for the annotation before those that mix many. */
function proofsOf(names: readonly string[]): string[] {
  const using = proofs.filter(({ input }) =>
    names.some((name) => input.includes(`nginx.ingress.kubernetes.io/${name}:`)),
  );
  const rank = (name: string): number => (name.startsWith('composite-') ? 1 : 0);
  return using
    .map(({ name }) => name)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .slice(0, 3);
}

const wanted = new Map(
  builtInMappings().all.map(({ name, aliases }) => [name, proofsOf([name, ...aliases])]),
);
for (const { file, text: before } of readYaml('mappings')) {
  const text = before.replace(/^ {4}verified: .*\n/gm, '');
  const entries = text.split(/^(?= {2}- name: )/m).map((entry) => {
    const scenariosOfEntry = wanted.get(/^ {2}- name: (\S+)/.exec(entry)?.[1] ?? '') ?? [];
    return scenariosOfEntry.length === 0
      ? entry
      : `${entry.trimEnd()}\n    verified: [${scenariosOfEntry.join(', ')}]\n`;
  });
  writeFileSync(`${mappings}${file}`, entries.join(''));
}
