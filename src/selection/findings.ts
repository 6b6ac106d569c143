import { type FindingType, findingType } from '../domain/findings.ts';
import { count } from '../text/count.ts';

/** As in `a, b and 3 more`. */
export function namesOf(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => (name === '' ? 'the catch-all host' : name));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export const splitIngress = findingType<{
  ingress: string;
  selected: readonly string[];
  others: readonly string[];
}>({
  code: 'selection/split-ingress',
  severity: 'note',
  fields: [],
  summary: 'An Ingress has hosts inside and outside the selection.',
  message: ({ ingress, selected, others }) =>
    `Ingress ${ingress} serves ${namesOf(selected)}, and ${count(others.length, 'host')} outside the selection: ${namesOf(others)}.`,
  remedy: () =>
    'Keep the Ingress until all of its hosts have moved, or divide it before. An annotation on it, such as one for external-dns, affects all of its hosts.',
});

export const splitHost = findingType<{ host: string; others: readonly string[] }>({
  code: 'selection/split-host',
  severity: 'note',
  fields: [],
  summary: 'A selected host also has paths from Ingresses outside the selection.',
  message: ({ host, others }) =>
    `${host === '' ? 'The catch-all host' : host} also has paths from ${namesOf(others)}. A host has one VirtualService, so these paths are included.`,
  remedy: () => 'Move the host together with the owners of these Ingresses.',
});

export const sharedObjects = findingType<{
  objects: readonly string[];
  others: readonly string[];
}>({
  code: 'selection/shared-object',
  severity: 'note',
  fields: [],
  summary: 'Objects of the selection are also used by hosts outside it.',
  message: ({ objects, others }) =>
    `${count(objects.length, 'object')} of the selection ${objects.length === 1 ? 'is' : 'are'} also used by ${count(others.length, 'host')} outside it, and written whole: ${namesOf(objects)}.`,
  remedy: () =>
    'Apply them as they are: they are the same in every selection. Remove them only with the last host.',
});

export const gatewayObjects = findingType<{ objects: readonly string[] }>({
  code: 'selection/gateway-object',
  severity: 'note',
  fields: [],
  summary: 'Objects of the whole gateway are part of every selection.',
  message: ({ objects }) =>
    `${count(objects.length, 'object')} ${objects.length === 1 ? 'belongs' : 'belong'} to the whole gateway or to no host, and ${objects.length === 1 ? 'is' : 'are'} part of every selection: ${namesOf(objects)}.`,
  remedy: () => 'Apply them with the first hosts that move.',
});

export const selectionFindingTypes: readonly FindingType<never>[] = [
  splitIngress,
  splitHost,
  sharedObjects,
  gatewayObjects,
];
