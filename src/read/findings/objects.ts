import { findingType } from '../../domain/findings.ts';
import type { ObjectRef } from '../../domain/origin.ts';
import { qualifiedName } from '../../domain/origin.ts';
import { shown } from '../../text/shown.ts';

interface FieldArgs {
  /** As a person would write it: `spec.rules[0].host`. */
  readonly field: string;
  readonly value: unknown;
}

export const missingName = findingType<{ readonly kind: string; readonly generated: boolean }>({
  code: 'input/missing-name',
  severity: 'error',
  fields: [],
  summary: 'An object has no name.',
  message: ({ kind, generated }) =>
    `This ${kind} has no metadata.name${generated ? ' (only a generateName, from which the cluster makes one)' : ''}; it was left out.`,
  remedy: () => 'Give it a name, or dump it from the cluster.',
});

export const badName = findingType<FieldArgs & { readonly kind: string }>({
  code: 'input/bad-name',
  severity: 'error',
  fields: [],
  summary: 'The name or namespace of an object is one that Kubernetes refuses.',
  message: ({ kind, field, value }) =>
    `This ${kind} was left out: its ${field} ${shown(value)} is no name for Kubernetes.`,
  remedy: () =>
    'Names are lower-case letters, digits, "-" and "."; if it is a placeholder, render the template first.',
});

export const differingDuplicate = findingType<{ readonly ref: ObjectRef; readonly used: string }>({
  code: 'input/duplicate-object',
  severity: 'warning',
  fields: [],
  summary: 'An object is in the input more than once, with different contents.',
  message: ({ ref, used }) =>
    `${ref.kind} ${qualifiedName(ref)} is given more than once, differently; the one at ${used} is used, not this one.`,
  remedy: () =>
    'Remove the one that is out of date. Used is the one with the highest resourceVersion, else the highest generation, else a fixed choice by content.',
});

export const equalDuplicate = findingType<{ readonly ref: ObjectRef; readonly used: string }>({
  code: 'input/repeated-object',
  severity: 'note',
  fields: [],
  summary: 'An object is in the input more than once, always the same.',
  message: ({ ref, used }) =>
    `${ref.kind} ${qualifiedName(ref)} is given here as at ${used}; it counts once.`,
  remedy: () => '',
});

export const notText = findingType<FieldArgs & { readonly text: string }>({
  code: 'input/not-text',
  severity: 'warning',
  fields: [],
  summary: 'A string field contains a number or a Boolean.',
  message: ({ field, value, text }) =>
    `${field} is the ${typeof value === 'boolean' ? 'Boolean' : 'number'} ${shown(text).slice(1, -1)}, which Kubernetes refuses there; it was read as the string ${shown(text)}.`,
  remedy: ({ text }) => `Put it in quotes: ${shown(text)}.`,
});

export const wrongType = findingType<{
  readonly field: string;
  readonly wanted: string;
  /** What it is in place of that, as in `a list`. */
  readonly is: string;
}>({
  code: 'input/wrong-type',
  severity: 'error',
  fields: [],
  summary: 'A field contains a value of the wrong type.',
  message: ({ field, wanted, is }) => `${field} should be ${wanted}, not ${is}; it was left out.`,
  remedy: () => 'Correct it as the API reference of Kubernetes says; the API server refuses it as written.',
});

export const badValue = findingType<FieldArgs & { readonly wanted: string }>({
  code: 'input/bad-value',
  severity: 'error',
  fields: [],
  summary: 'A field contains a value that Kubernetes refuses.',
  message: ({ field, value, wanted }) =>
    `${field} is ${shown(value)}, which is not ${wanted}; it was left out.`,
  remedy: () => 'Correct the value; if it is a placeholder, render the template first.',
});

export const badCertificate = findingType<{ readonly ref: ObjectRef }>({
  code: 'input/unreadable-certificate',
  severity: 'warning',
  fields: [],
  summary: 'The certificate of a Secret could not be read.',
  message: ({ ref }) =>
    `The tls.crt of Secret ${qualifiedName(ref)} is not a certificate in PEM; which hosts it is for is not known.`,
  remedy: () => 'Check the Secret: with such a certificate ingress-nginx serves its default one.',
});

export const objectFindingTypes = [
  missingName,
  badName,
  differingDuplicate,
  equalDuplicate,
  notText,
  wrongType,
  badValue,
  badCertificate,
];
