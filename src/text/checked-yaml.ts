import { Ajv, type ErrorObject } from 'ajv';
import { CORE_SCHEMA, load, YAMLException } from 'js-yaml';
import { ConfigError } from '../domain/errors.ts';
import { type PlacedProblem, placedProblems } from './yaml-places.ts';

/** A YAML file that people write or edit. */
export interface EditedFile {
  /** For messages. */
  readonly name: string;
  /** JSON Schema of its content. */
  readonly schema: object;
  /** What to do where something is wrong with it. */
  readonly remedy: string;
  /** What a problem at a path is about; '' where that goes without saying. */
  subjectOf(path: PlacedProblem['path']): string;
  /** What a value has to be that fits none of several shapes. */
  readonly shapes?: string;
}

/**
 * The content of a file, checked by its schema.
 * @throws {ConfigError} with file, line and column of each problem
 */
export function loadChecked(text: string, file: EditedFile): unknown {
  let value: unknown;
  try {
    value = load(text, { schema: CORE_SCHEMA, maxDepth: 20 });
  } catch (error) {
    const { reason, mark } =
      error instanceof YAMLException ? error : { reason: String(error), mark: undefined };
    const place = mark === undefined ? file.name : `${file.name}:${mark.line + 1}:${mark.column + 1}`;
    throw refused([`${place} ${reason}`], file);
  }
  const validate = new Ajv({ allErrors: true }).compile(file.schema);
  if (!validate(value))
    refuse(
      text,
      (validate.errors ?? []).map((error) => problemOf(error, file)),
      file,
    );
  return value;
}

/** @throws {ConfigError} with the place of each problem, if there is any */
export function refuse(text: string, problems: readonly PlacedProblem[], file: EditedFile): void {
  if (problems.length > 0) throw refused(placedProblems(text, file.name, problems), file);
}

function problemOf(
  { keyword, instancePath, params, message }: ErrorObject,
  { subjectOf, shapes }: EditedFile,
): PlacedProblem {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const about = subjectOf(path);
  const subject = about === '' ? '' : `${about} `;
  switch (keyword) {
    case 'additionalProperties':
      return { path, text: `unknown key ${JSON.stringify(params['additionalProperty'])}` };
    case 'enum':
      return { path, text: `${subject}takes one of: ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'const':
      return { path, text: `${subject}must be ${JSON.stringify(params['allowedValue'])}` };
    case 'oneOf':
      return { path, text: `${subject}${shapes ?? message ?? 'is not valid'}` };
    default:
      return { path, text: `${subject}${message ?? 'is not valid'}` };
  }
}

function refused(problems: readonly string[], { remedy }: EditedFile): ConfigError {
  const shown = problems.slice(0, 20);
  const more = problems.length - shown.length;
  return new ConfigError([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'), remedy);
}
