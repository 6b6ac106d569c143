import { nearest } from '../config/nearest.ts';
import type { ControllerOption } from '../decode/controller-option.ts';
import type { Mapping, Mappings } from '../decode/mapping.ts';
import { controllerOptions } from '../decode/mappings.ts';
import { suggest } from '../decode/suggest.ts';
import type { FindingType } from '../domain/findings.ts';
import { findingTypes } from '../finding-types.ts';
import { annotationPage, findingPage, optionPage } from '../site.ts';

/** What can be explained. */
export type Subject =
  | { readonly kind: 'annotation'; readonly mapping: Mapping; readonly option: ControllerOption | undefined }
  | { readonly kind: 'option'; readonly option: ControllerOption }
  | { readonly kind: 'finding'; readonly type: FindingType<never> };

export type Found =
  | { readonly ok: true; readonly subject: Subject }
  | {
      readonly ok: false;
      readonly suggestions: readonly string[];
      /** What is known of the word although it names nothing, as a sentence; '' where nothing is. */
      readonly note: string;
    };

/** Finds an annotation (with or without its prefix), a key of the controller's ConfigMap, or the code of a finding. */
export function findSubject(word: string, mappings: Mappings): Found {
  const type = findingTypes.find(({ code }) => code === word);
  if (type !== undefined) return { ok: true, subject: { kind: 'finding', type } };
  const name = withoutPrefix(word);
  const mapping = mappings.find(name);
  const option = controllerOptions().find((one) => one.name === name);
  if (mapping !== undefined) return { ok: true, subject: { kind: 'annotation', mapping, option } };
  if (option !== undefined) return { ok: true, subject: { kind: 'option', option } };
  const { suggestions, note } = suggest(name, mappings);
  const others = [...controllerOptions().map((one) => one.name), ...findingTypes.map(({ code }) => code)];
  const near = suggestions.length > 0 || note !== '' ? suggestions : nearest(word.slice(0, 100), others);
  return { ok: false, suggestions: near, note };
}

/** `nginx.ingress.kubernetes.io/rewrite-target` and `rewrite-target` are one; a finding's code has a slash, too. */
function withoutPrefix(word: string): string {
  return word.replace(/^(?:[a-z0-9-]+\.)+[a-z0-9-]+\//, '').trim();
}

/** Its page of the documentation, below the base. */
export function pageOf(subject: Subject): string {
  if (subject.kind === 'annotation') return annotationPage(subject.mapping.name);
  return subject.kind === 'option' ? optionPage(subject.option.name) : findingPage(subject.type.code);
}

/** All that can be explained, by the names that are shown: annotations and their aliases, keys, and codes. */
export function subjectNames(mappings: Mappings): readonly string[] {
  const names = [
    ...mappings.all.flatMap(({ name, aliases }) => [name, ...aliases]),
    ...controllerOptions().map(({ name }) => name),
    ...findingTypes.map(({ code }) => code),
  ];
  return [...new Set(names)].sort();
}
