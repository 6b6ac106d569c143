import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Mappings } from '../decode/mapping.ts';
import { builtInMappings, mergeMappings } from '../decode/mappings.ts';
import { ConfigError, systemReason } from '../domain/errors.ts';
import { messageOf } from '../domain/findings.ts';

/**
 * The package's mappings with those of a directory added or put in their place. Reading YAML and checking it against the
 * schema is loaded only where there is such a directory.
 * @throws {ConfigError}
 */
export async function mappingsWith(directory: string | undefined, base: string): Promise<Mappings> {
  if (directory === undefined) return builtInMappings();
  const { loadMappings } = await import('../decode/load-mappings.ts');
  const { mappings, findings } = loadMappings(readTexts(resolve(base, directory), directory));
  if (findings.length > 0) {
    throw new ConfigError(
      findings.map(messageOf).join('\n'),
      'Correct the files that --mappings names; mappings/schema.json describes them.',
    );
  }
  return mergeMappings(builtInMappings(), mappings);
}

function readTexts(path: string, name: string): { file: string; text: string }[] {
  try {
    const files = readdirSync(path).filter((file) => /\.ya?ml$/.test(file));
    if (files.length === 0)
      throw new ConfigError(
        `--mappings ${name} contains no .yaml file.`,
        'Name a directory with mapping files.',
      );
    return files.sort().map((file) => ({
      file: join(name, file),
      text: readFileSync(join(path, file), 'utf8'),
    }));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `--mappings ${name} cannot be read: ${systemReason(error)}.`,
      'Name a directory with mapping files.',
    );
  }
}
