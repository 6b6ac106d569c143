import { lstatSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, systemReason } from '../domain/errors.ts';
import { noPlanFile, type PlanFile, readPlanFile, usualPlanFile } from '../waves/plan-file.ts';
import { usualDecisionsPath } from './input.ts';

/** Next to the decisions: by the first file of the input, in its first directory, or where we are. */
export function planPath(given: string | undefined, inputs: readonly string[]): string {
  return given ?? join(dirname(usualDecisionsPath(inputs)), usualPlanFile);
}

/** @throws {ConfigError} it cannot be read, or is no plan file */
export function loadPlanFile(file: string, directory: string): PlanFile {
  let text: string;
  try {
    text = readFileSync(resolve(directory, file), 'utf8');
  } catch (error) {
    throw new ConfigError(
      `The plan file ${file} cannot be read: ${systemReason(error)}.`,
      'Write one with ingress2istio plan, or name another one with --plan.',
    );
  }
  return readPlanFile(text, file);
}

/** As `loadPlanFile`, empty where there is none yet. */
export function loadPlanFileIfThere(file: string, directory: string): PlanFile {
  const there = lstatSync(resolve(directory, file), { throwIfNoEntry: false }) !== undefined;
  return there ? loadPlanFile(file, directory) : noPlanFile;
}
