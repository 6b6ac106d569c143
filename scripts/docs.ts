// Makes what is generated from mappings/: the JSON that the program is built with, and the support table of mappings/README.md.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ControllerOption } from '../src/decode/controller-option.ts';
import { loadControllerOptions, loadMappings, type MappingText } from '../src/decode/load-mappings.ts';
import type { Mapping } from '../src/decode/mapping.ts';
import { messageOf } from '../src/domain/findings.ts';
import { renderSupportTable } from './support-table.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
export const generatedFile = join(root, 'src/decode/mappings.generated.json');
export const readmeFile = join(root, 'mappings/README.md');

/** The files of a directory and of the rooms in it, by name: the order in which `annotations` lists them. */
export function readYaml(directory: string): MappingText[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml') && (directory.endsWith('controller') || !isOption(file)))
    .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
    .map((file) => ({ file, text: readFileSync(join(root, directory, file), 'utf8') }));
}

function isOption(file: string): boolean {
  return dirname(file) === 'controller';
}

/** The rooms of `mappings/` and the groups in each; those of `src/features/` have the same names. */
export function roomsOf(files: readonly MappingText[]): ReadonlyMap<string, string> {
  return new Map(files.map(({ file }) => [basename(file, '.yaml'), dirname(file)]));
}

/** What `src/decode/mappings.ts` reads; empty fields are left out. */
export function generated(mappings: readonly Mapping[], controllerOptions: readonly ControllerOption[]) {
  return { mappings: mappings.map(withoutEmpty), controllerOptions: controllerOptions.map(withoutEmpty) };
}

function withoutEmpty(entry: object): object {
  const kept = Object.entries(entry).filter(
    ([key, value]) =>
      value !== undefined &&
      (key === 'default' || (value !== '' && !(Array.isArray(value) && value.length === 0))),
  );
  return Object.fromEntries(kept);
}

export function render(): { json: object; readme: string } {
  const files = readYaml('mappings');
  const { mappings, findings } = loadMappings(files);
  const controller = loadControllerOptions(readYaml('mappings/controller'));
  const wrong = [...findings, ...controller.findings].map(messageOf);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return {
    json: generated(mappings.all, controller.options),
    readme: renderSupportTable(mappings.all, controller.options, roomsOf(files)),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { json, readme } = render();
  writeFileSync(generatedFile, JSON.stringify(json));
  execFileSync('npx', ['biome', 'format', '--write', generatedFile], { cwd: root, stdio: 'pipe' });
  writeFileSync(readmeFile, readme);
}
