import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { load } from 'js-yaml';
import { isNode, LineCounter, parseDocument } from 'yaml';
import controllerSchema from '../../mappings/controller/schema.json' with { type: 'json' };
import mappingSchema from '../../mappings/schema.json' with { type: 'json' };
import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { ObjectSource, Origin, Path } from '../domain/origin.ts';
import type { Fidelity } from '../domain/outcome.ts';
import type { ControllerOption } from './controller-option.ts';
import type { Action, Mapping, Mappings, PastRule, ValueRule } from './mapping.ts';
import { indexMappings } from './mappings.ts';

/** A mapping file, or what was given as one. */
export interface MappingText {
  readonly file: string;
  readonly text: string;
}

export const mappingFindings = {
  unreadable: findingType<{ file: string; problem: string }>({
    code: 'mappings/unreadable',
    severity: 'error',
    fields: [],
    summary: 'A mapping file is not valid YAML.',
    message: ({ file, problem }) => `${file} is not valid YAML: ${problem}.`,
    remedy: () => 'Correct the file, or leave it out of the directory that --mappings names.',
  }),
  schema: findingType<{ file: string; path: string; problem: string }>({
    code: 'mappings/schema',
    severity: 'error',
    fields: [],
    summary: 'A mapping file does not have the shape that mappings/schema.json describes.',
    message: ({ file, path, problem }) => `${file}: ${path === '' ? 'the file' : path} ${problem}.`,
    remedy: () =>
      'Correct the entry. An editor that knows YAML shows what is allowed when the first line names the schema.',
  }),
  pattern: findingType<{ file: string; name: string; problem: string }>({
    code: 'mappings/pattern',
    severity: 'error',
    fields: [],
    summary: 'The pattern of a mapping is not a regular expression.',
    message: ({ file, name, problem }) =>
      `${file}: the pattern of ${name} is not a regular expression: ${problem}.`,
    remedy: () => 'Correct the pattern: it is a JavaScript regular expression without delimiters.',
  }),
  duplicate: findingType<{ file: string; name: string; first: string }>({
    code: 'mappings/duplicate-name',
    severity: 'error',
    fields: [],
    summary: 'Two mappings claim the same annotation.',
    message: ({ file, name, first }) => `${file}: ${name} is already in ${first}; the first one is used.`,
    remedy: () => 'Keep one of the two entries. A name may occur once, as a name or as an alias.',
  }),
};

/**
 * Reads mapping files. A file or an entry that is not right is left out and told; the others are used.
 * The group of an entry is the file's name without directory and extension.
 */
export function loadMappings(texts: readonly MappingText[]): { mappings: Mappings; findings: Finding[] } {
  const check = new Ajv(ajvOptions).compile<MappingFile>(mappingSchema);
  const findings: Finding[] = [];
  const owners = new Map<string, string>();
  const entries: Mapping[] = [];
  for (const source of [...texts].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
    const file = readFile(source, check, findings);
    for (const [index, entry] of (file?.annotations ?? []).entries()) {
      const mapping = toMapping(entry, groupOf(source.file), file?.docs ?? []);
      const origin = originIn(source, ['annotations', index]);
      const problem = patternProblem(mapping.value);
      if (problem !== undefined) {
        const args = { file: source.file, name: mapping.name, problem };
        findings.push(finding(mappingFindings.pattern, args, { origin }));
        continue;
      }
      const names = [mapping.name, ...mapping.aliases];
      const taken = names.find((name) => owners.has(name));
      if (taken !== undefined) {
        const args = { file: source.file, name: taken, first: owners.get(taken) ?? '' };
        findings.push(finding(mappingFindings.duplicate, args, { origin }));
        continue;
      }
      for (const name of names) owners.set(name, source.file);
      entries.push(mapping);
    }
  }
  return { mappings: indexMappings(entries), findings };
}

/** Reads the files of `mappings/controller`. Only the package's own are ever read, so the caller decides what a finding means. */
export function loadControllerOptions(texts: readonly MappingText[]): {
  options: ControllerOption[];
  findings: Finding[];
} {
  const check = new Ajv(ajvOptions).compile<OptionFile>(controllerSchema);
  const findings: Finding[] = [];
  const options: ControllerOption[] = [];
  for (const source of texts) {
    for (const option of readFile(source, check, findings)?.options ?? []) {
      options.push({ default: undefined, istio: '', note: '', ...option, category: groupOf(source.file) });
    }
  }
  options.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { options, findings };
}

const ajvOptions = { allErrors: true, allowUnionTypes: true, logger: false } as const;

interface MappingFile {
  docs?: string[];
  annotations: MappingEntry[];
}

interface MappingEntry {
  name: string;
  aliases?: string[];
  since?: string;
  until?: string;
  was?: PastRule[];
  value: ValueRule;
  default?: string | number | boolean | string[];
  configMapKey?: string;
  scope: Mapping['scope'];
  risk: Mapping['risk'];
  fidelity: Fidelity;
  action: { set?: string; convert?: string; model?: string; none?: string };
  to?: string[];
  nginx: string;
  note?: string;
  docs?: string[];
  verified?: string[];
}

interface OptionFile {
  options: (Omit<ControllerOption, 'category' | 'default' | 'istio' | 'note'> & Partial<ControllerOption>)[];
}

function toMapping(entry: MappingEntry, group: string, docs: readonly string[]): Mapping {
  return {
    name: entry.name,
    aliases: entry.aliases ?? [],
    since: entry.since,
    until: entry.until,
    was: entry.was ?? [],
    group,
    value: entry.value,
    default: entry.default,
    configMapKey: entry.configMapKey,
    scope: entry.scope,
    risk: entry.risk,
    fidelity: entry.fidelity,
    action: toAction(entry.action),
    to: entry.to ?? [],
    nginx: entry.nginx,
    note: entry.note ?? '',
    docs: entry.docs ?? docs,
    verified: entry.verified ?? [],
  };
}

function toAction({ set, convert, model, none }: MappingEntry['action']): Action {
  if (set !== undefined) return { kind: 'set', field: set };
  if (convert !== undefined) return { kind: 'convert', feature: convert };
  if (model !== undefined) return { kind: 'model', rule: model };
  return { kind: 'none', advice: none ?? '' };
}

function patternProblem({ pattern }: ValueRule): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
}

function readFile<File>(
  source: MappingText,
  check: ValidateFunction<File>,
  findings: Finding[],
): File | undefined {
  let content: unknown;
  try {
    content = load(source.text);
  } catch (error) {
    const args = { file: source.file, problem: firstLine(error) };
    findings.push(finding(mappingFindings.unreadable, args, { origin: originIn(source, []) }));
    return undefined;
  }
  if (check(content)) return content;
  for (const error of mostTelling(check.errors ?? [])) {
    const path = pathOf(error);
    const args = { file: source.file, path: path.join('.'), problem: problemOf(error) };
    findings.push(finding(mappingFindings.schema, args, { origin: originIn(source, path) }));
  }
  return undefined;
}

/** Of a choice that fails, only the choice itself is told: why each of its branches does not fit helps nobody. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject[] {
  return errors.filter(
    ({ keyword, schemaPath }) => keyword !== 'if' && !/\/(?:oneOf|anyOf)\//.test(schemaPath),
  );
}

function problemOf(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties')
    return `has a key that is not known: ${error.params['additionalProperty']}`;
  if (error.keyword === 'enum') return `must be one of ${error.params['allowedValues'].join(', ')}`;
  if (error.keyword === 'oneOf') return 'must have exactly one of set, convert, model and none';
  return error.message ?? 'is not allowed';
}

function pathOf(error: ErrorObject): (string | number)[] {
  const parts = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function originIn(source: MappingText, path: Path): Origin {
  const ref = { kind: 'Mapping', namespace: '', name: groupOf(source.file) };
  const object: ObjectSource = { ref, file: source.file, locate: (at) => locate(source, at) };
  return { source: object, path };
}

function locate({ file, text }: MappingText, path: Path): { file: string; line: number; column: number } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const { line, col } = lines.linePos(node.range[0]);
      return { file, line, column: col };
    }
  }
  return { file, line: 1, column: 1 };
}

function groupOf(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/\.ya?ml$/, '');
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
}
