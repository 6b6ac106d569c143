import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, systemReason } from '../domain/errors.ts';
import { noPlanFile, type PlanFile, usualPlanFile } from '../waves/plan-state.ts';
import { usualDecisionsPath } from './input.ts';

/** Next to the decisions: by the first file of the input, in its first directory, or where we are. */
export function planPath(given: string | undefined, inputs: readonly string[]): string {
  return given ?? join(dirname(usualDecisionsPath(inputs)), usualPlanFile);
}

/**
 * The reader of the file needs ajv: loaded where there is one.
 * @throws {ConfigError} it cannot be read, or is no plan file
 */
export async function loadPlanFile(file: string, directory: string): Promise<PlanFile> {
  let text: string;
  try {
    text = readFileSync(resolve(directory, file), 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The plan file ${file} cannot be read: ${systemReason(error)}.`,
      'Write one with ingress2istio plan, or name another one with --plan.',
    );
  }
  const { readPlanFile } = await import('../waves/plan-file.ts');
  return readPlanFile(text, file);
}

/** As `loadPlanFile`, empty where there is none yet. */
export async function loadPlanFileIfThere(file: string, directory: string): Promise<PlanFile> {
  const there = lstatSync(resolve(directory, file), { throwIfNoEntry: false }) !== undefined;
  return there ? loadPlanFile(file, directory) : noPlanFile;
}
