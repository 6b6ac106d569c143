import { findingType } from '../../domain/findings.ts';
import { shown } from '../../text/shown.ts';

/** The part of a file that could not be read, as in `this document`. */
interface PartArgs {
  readonly part: 'document' | 'list entry' | 'list';
}

export const brokenDocument = findingType<PartArgs & { readonly reason: string }>({
  code: 'input/broken-document',
  severity: 'error',
  fields: [],
  summary: 'A document or an entry of a List is not valid YAML or JSON.',
  message: ({ part, reason }) => `This ${part} was not read: ${reason}.`,
  remedy: () => 'Correct the text at this place and run again; everything else in the file was read.',
});

export const tabIndentation = findingType<PartArgs>({
  code: 'input/tab-indentation',
  severity: 'error',
  fields: [],
  summary: 'A document is indented with tabs, which YAML does not allow.',
  message: ({ part }) =>
    `This ${part} wasn't read: the indentation contains a tab, and YAML only allows spaces.`,
  remedy: () => 'Replace the tabs by spaces.',
});

export const unrenderedTemplate = findingType<PartArgs>({
  code: 'input/unrendered-template',
  severity: 'error',
  fields: [],
  summary: 'A document is a template which was not rendered.',
  message: ({ part }) => `This ${part} was not read: it is a template ("{{ … }}"), not yet YAML.`,
  remedy: () =>
    'Render it first, as with `helm template`, or read the objects back with `kubectl get -o yaml` or `helm get manifest`.',
});

export const aliasBomb = findingType<PartArgs>({
  code: 'input/too-many-aliases',
  severity: 'error',
  fields: [],
  summary: 'The aliases of a document make it larger than any Kubernetes object.',
  message: ({ part }) =>
    `This ${part} was not read: its YAML aliases expand to more than the 3 MiB that Kubernetes accepts.`,
  remedy: () => 'Write the values out, or leave the document away; aliases of ordinary size are fine.',
});

export const tooDeep = findingType<PartArgs & { readonly limit: number }>({
  code: 'input/too-deep',
  severity: 'error',
  fields: [],
  summary: 'A document is nested deeper than any Kubernetes object.',
  message: ({ part, limit }) => `This ${part} was not read: it is nested more than ${limit} levels deep.`,
  remedy: () => 'Leave the document away: no object that matters here is nested so deep.',
});

export const repeatedKey = findingType<{ readonly key: string }>({
  code: 'input/repeated-key',
  severity: 'warning',
  fields: [],
  summary: 'A mapping contains the same key twice.',
  message: ({ key }) =>
    `The key ${shown(key)} is given again here; the last one counts, as for kubectl without strict validation.`,
  remedy: () => 'Remove all but one: today kubectl refuses such an object by default.',
});

export const notAnObject = findingType<PartArgs & { readonly missing: string }>({
  code: 'input/not-an-object',
  severity: 'warning',
  fields: [],
  summary: 'A document is not a Kubernetes object.',
  message: ({ part, missing }) => `This ${part} isn't a Kubernetes object: ${missing}. It was skipped.`,
  remedy: () =>
    'Nothing to do for a file that is none, such as Helm values; otherwise give it its apiVersion and kind.',
});

export const documentFindingTypes = [
  brokenDocument,
  tabIndentation,
  unrenderedTemplate,
  aliasBomb,
  tooDeep,
  repeatedKey,
  notAnObject,
];
