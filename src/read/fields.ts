import type { Finding } from '../domain/findings.ts';
import { finding } from '../domain/findings.ts';
import { originOf, type Path } from '../domain/origin.ts';
import { notText, wrongType } from './findings/objects.ts';
import { type ReadSource, writtenAt } from './source.ts';

export type Mapping = Readonly<Record<string, unknown>>;

/** The object that is being read, and where to tell what is wrong with it. */
export interface Subject {
  readonly source: ReadSource;
  report(finding: Finding): void;
}

const NOTHING: Mapping = Object.freeze(Object.create(null) as Record<string, unknown>);
const NO_TEXTS: ReadonlyMap<string, string> = new Map();

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A path the way people write it: `spec.rules[0].host`, `metadata.annotations["a.b/c"]`. */
export function fieldName(path: Path): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(step)) name += name === '' ? step : `.${step}`;
    else name += `[${JSON.stringify(step)}]`;
  }
  return name;
}

/** The mapping at `parent[key]`; an empty one where there is none. */
export function mappingField(subject: Subject, parent: Mapping, key: string, at: Path): Mapping {
  const value = parent[key];
  if (isMapping(value)) return value;
  if (value !== undefined && value !== null) reportType(subject, value, [...at, key], 'a mapping');
  return NOTHING;
}

/** The list at `parent[key]`; an empty one where there is none. */
export function listField(subject: Subject, parent: Mapping, key: string, at: Path): readonly unknown[] {
  const value = parent[key];
  if (Array.isArray(value)) return value;
  if (value !== undefined && value !== null) reportType(subject, value, [...at, key], 'a list');
  return [];
}

/** The text at `parent[key]`. A number or truth value counts as the text it was written as, and is told. */
export function textField(subject: Subject, parent: Mapping, key: string, at: Path): string | undefined {
  const value = parent[key];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return undefined;
  return asText(subject, value, [...at, key]);
}

/** The texts of a mapping, as of annotations; an entry without value counts as ''. */
export function textsField(
  subject: Subject,
  parent: Mapping,
  key: string,
  at: Path,
): ReadonlyMap<string, string> {
  const values = mappingField(subject, parent, key, at);
  const names = Object.keys(values);
  if (names.length === 0) return NO_TEXTS;
  const texts = new Map<string, string>();
  for (const name of names) {
    const value = values[name];
    const text = typeof value === 'string' ? value : asText(subject, value ?? '', [...at, key, name]);
    if (text !== undefined) texts.set(name, text);
  }
  return texts;
}

/** The texts of a list; entries that are none are told and left out. Each goes with its place in the list. */
export function textEntries(
  subject: Subject,
  parent: Mapping,
  key: string,
  at: Path,
): readonly (readonly [string, number])[] {
  const texts: [string, number][] = [];
  for (const [index, entry] of listField(subject, parent, key, at).entries()) {
    const text = typeof entry === 'string' ? entry : asText(subject, entry, [...at, key, index]);
    if (text !== undefined) texts.push([text, index]);
  }
  return texts;
}

/** The mappings of a list, each with its place in it; other entries are told and left out. */
export function mappingEntries(
  subject: Subject,
  parent: Mapping,
  key: string,
  at: Path,
): readonly (readonly [Mapping, number])[] {
  const entries: [Mapping, number][] = [];
  for (const [index, entry] of listField(subject, parent, key, at).entries()) {
    if (isMapping(entry)) entries.push([entry, index]);
    else reportType(subject, entry, [...at, key, index], 'a mapping');
  }
  return entries;
}

export function reportType(subject: Subject, value: unknown, path: Path, wanted: string): void {
  const origin = originOf(subject.source, ...path);
  subject.report(finding(wrongType, { field: fieldName(path), wanted, is: typeName(value) }, { origin }));
}

function asText(subject: Subject, value: unknown, path: Path): string | undefined {
  if (value === '') return '';
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    reportType(subject, value, path, 'a text');
    return undefined;
  }
  const text = writtenAt(subject.source, path) ?? String(value);
  const origin = originOf(subject.source, ...path);
  subject.report(finding(notText, { field: fieldName(path), value, text }, { origin }));
  return text;
}

/** Never the value itself: it may be secret. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  return typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}
