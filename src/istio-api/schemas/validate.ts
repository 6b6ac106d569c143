import { schemas } from './kinds.ts';
import type { Schema } from './shapes.ts';
import * as compiled from './validators.generated.ts';

/** A place of an object that its kind does not allow. */
export interface SchemaProblem {
  /** As in `spec.http[0].redirect.redirectCode`; '' for the object itself. */
  readonly path: string;
  /** As in `must be a port number`, to follow the path. */
  readonly message: string;
}

/** What ajv says of one broken rule; its texts are left out of the compiled code and made here. */
interface Violation {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly propertyName?: string;
}

type Validator = ((object: unknown) => boolean) & { errors?: Violation[] | null };

const validators = new Map(Object.entries(compiled as unknown as Readonly<Record<string, Validator>>));

/** What Istio, Envoy or Kubernetes would refuse of an object by itself; every field that they do not know is a problem, too. */
export function validateObject(object: object): SchemaProblem[] {
  const kind = 'kind' in object && typeof object.kind === 'string' ? object.kind : '';
  const validator = validators.get(kind);
  if (validator === undefined) return [{ path: 'kind', message: 'must be a kind that is written here' }];
  if (validator(object)) return [];
  // Needed for words alone, so it is made only where something is wrong.
  const schema = schemas()[kind]!;
  const problems = (validator.errors ?? []).flatMap((violation) => problemOf(violation, schema));
  const distinct = new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem]));
  return [...distinct.values()];
}

function problemOf(violation: Violation, schema: Schema): SchemaProblem[] {
  const path = pathOf(violation.instancePath);
  const say = (message: string): SchemaProblem[] => [{ path, message }];
  const { params, keyword } = violation;
  if (violation.schemaPath.includes('/contains/')) return []; // Told of the list as a whole.
  if (violation.propertyName !== undefined) {
    return say(
      `must not have the key ${quoted(violation.propertyName)}, which is not ${expected(violation, schema)}`,
    );
  }
  switch (keyword) {
    case 'if':
    case 'propertyNames':
      return []; // What they consist of is told by itself.
    case 'additionalProperties':
      return say(`must not have the field ${quoted(String(params['additionalProperty']))}`);
    case 'required':
      // A branch of a choice between fields; the choice is told as a whole.
      return /\/anyOf\/\d+\/required$/.test(violation.schemaPath)
        ? []
        : say(`must have the field ${quoted(String(params['missingProperty']))}`);
    case 'dependentRequired':
      return say(
        `must not have the field ${quoted(String(params['property']))} without ${quoted(String(params['deps']))}`,
      );
    default:
      return say(`must be ${expected(violation, schema)}`);
  }
}

/** What a value has to be: the description of its schema, or the rule itself. */
function expected(violation: Violation, schema: Schema): string {
  const { keyword, params } = violation;
  const described = ruleHolder(violation, schema)['description'];
  if (keyword !== 'type' && typeof described === 'string') return described;
  switch (keyword) {
    case 'type':
      return `of the type ${String(params['type'])}`;
    case 'enum':
      return `one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return 'not empty';
    case 'maxLength':
      return `at most ${String(params['limit'])} characters long`;
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return `${String(params['comparison'])} ${String(params['limit'])}`;
    case 'uniqueItems':
      return 'a list without repeated entries';
    case 'contains':
      return 'a list of which one weight at least is not 0';
    default:
      return `what the rule ${keyword} allows`;
  }
}

/**
 * The schema that holds the broken rule. ajv gives its path from a definition on, without saying which that is, so the definitions
 * are looked up by the place in the object, the nearest first.
 */
function ruleHolder({ instancePath, schemaPath }: Violation, schema: Schema): Schema {
  const steps = stepsOf(schemaPath).slice(0, -1);
  for (const definition of definitionsAt(schema, stepsOf(instancePath)).reverse()) {
    const holder = steps.reduce<unknown>((rules, step) => (rules as Schema | undefined)?.[step], definition);
    if (holder !== undefined) return holder as Schema;
  }
  return {};
}

/** The definitions on the way to a place, from the object itself on. */
function definitionsAt(schema: Schema, steps: readonly string[]): Schema[] {
  const definitions = [schema];
  let rules: Schema = schema;
  for (const step of steps) {
    const fields = rules['properties'] as Record<string, Schema> | undefined;
    const next = (fields?.[step] ?? rules['items'] ?? rules['additionalProperties']) as Schema | undefined;
    if (next === undefined) break;
    rules = next;
    if (typeof rules['$ref'] === 'string') {
      rules = (schema['$defs'] as Record<string, Schema>)[rules['$ref'].slice('#/$defs/'.length)] ?? {};
      definitions.push(rules);
    }
  }
  return definitions;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) =>
      /^\d+$/.test(step) ? `[${step}]` : /^[\w-]+$/.test(step) ? `.${step}` : `[${quoted(step)}]`,
    )
    .join('')
    .replace(/^\./, '');
}

function quoted(text: string): string {
  return `\`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\``;
}
