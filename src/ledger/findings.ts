import type { Consequence } from '../decode/mapping.ts';
import { findingType } from '../domain/findings.ts';

/** What a bad value means today, for people. */
const consequences: Record<Consequence, string> = {
  'ingress-dropped': 'the controller refuses the whole Ingress',
  'location-denied': 'all locations of the Ingress return 503',
  'host-denied': 'the whole host returns 403',
  ignored: 'the controller ignores it',
  'fail-open': 'the controller ignores it, and with it the protection that it belongs to',
};

export const notSelected = findingType<{ reason: string }>({
  code: 'ingress/not-selected',
  severity: 'note',
  fields: [],
  summary: 'The controller does not serve this Ingress, so it was not converted.',
  message: ({ reason }) => `ingress-nginx does not serve this Ingress: ${reason}. It was not converted.`,
  remedy: () =>
    'If your controller does serve it, add its IngressClass to the input, or say with --controller-flags how the controller was started.',
});

export const noClass = findingType<{ reason: string }>({
  code: 'ingress/no-class',
  severity: 'warning',
  fields: [],
  summary: 'The Ingress names no class, so it was not converted.',
  message: ({ reason }) => `ingress-nginx does not serve this Ingress: ${reason}. It was not converted.`,
  remedy: () =>
    'If your controller serves Ingresses without a class, say --controller-flags=--watch-ingress-without-class=true; else set spec.ingressClassName.',
  url: 'https://kubernetes.github.io/ingress-nginx/user-guide/multiple-ingress/',
});

export const dropped = findingType<{ reason: string }>({
  code: 'ingress/dropped',
  severity: 'warning',
  fields: [],
  summary: 'The controller refuses this Ingress, so nothing of it works today.',
  message: ({ reason }) =>
    `ingress-nginx refuses the whole Ingress: ${reason}. Nothing of it works today, and nothing was converted.`,
  remedy: () =>
    "Fix or remove the value, then convert again. An older version that the controller still serves from memory isn't in the input.",
});

export const releaseDecides = findingType<{ reason: string }>({
  code: 'ingress/release-decides',
  severity: 'error',
  fields: [],
  summary:
    'Whether the controller serves this Ingress depends on its release, which the input does not show.',
  message: ({ reason }) =>
    `ingress-nginx 1.15.1 refuses the whole Ingress: ${reason}. Before 1.12 it is served, and nothing shows which release runs. It was not converted.`,
  remedy: () => 'Say which release runs with --controller-version, as in --controller-version 1.11.5.',
});

export const unknownAnnotation = findingType<{
  name: string;
  suggestions: readonly string[];
  note: string;
}>({
  code: 'annotation/unknown',
  severity: 'note',
  fields: [],
  summary: 'ingress-nginx has no such annotation.',
  message: ({ name, suggestions, note }) =>
    `The controller has no annotation ${name}, so it has no effect today.${note === '' ? '' : ` ${note}`}${suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : ''}`,
  remedy: () => 'Remove it, or use the annotation that was meant.',
  url: 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/',
});

export const invalidValue = findingType<{
  name: string;
  value: string;
  reason: string;
  consequence: Consequence;
}>({
  code: 'annotation/invalid',
  severity: 'warning',
  fields: [],
  summary: 'The value of an annotation is not valid.',
  message: ({ name, value, reason, consequence }) =>
    `${name}: ${JSON.stringify(value)} is not valid (${reason}); today ${consequences[consequence]}.`,
  remedy: () =>
    'Correct the value or remove the annotation; the conversion keeps what the controller does today.',
});

export const failsOpen = findingType<{ name: string; value: string; reason: string }>({
  code: 'annotation/fails-open',
  severity: 'error',
  fields: [],
  summary: 'A protection is off today because of an invalid value.',
  message: ({ name, value, reason }) =>
    `${name}: ${JSON.stringify(value)} is not valid (${reason}), and ingress-nginx then leaves the protection out: these locations are open today.`,
  remedy: () =>
    'Correct the value, so that the protection acts on both systems, or remove the annotation if it is not wanted.',
});

export const notConverted = findingType<{ name: string; note: string }>({
  code: 'annotation/manual',
  severity: 'warning',
  fields: ['status', 'share', 'side-requests', 'connection'],
  summary: 'This annotation needs manual migration.',
  message: ({ name, note }) => `${name} was not converted.${note === '' ? '' : ` ${note}`}`,
  remedy: () => 'Migrate it manually, or remove it in the review.',
});

export const impossible = findingType<{ name: string; advice: string }>({
  code: 'annotation/impossible',
  severity: 'warning',
  fields: ['status', 'connection'],
  summary: 'Neither Istio nor Envoy can do this.',
  message: ({ name }) => `${name} has no counterpart in Istio or Envoy.`,
  remedy: ({ advice }) => advice,
});

export const pathLost = findingType<{ path: string; winner: string }>({
  code: 'path/lost',
  severity: 'note',
  fields: [],
  summary: 'Another Ingress owns this host and path.',
  message: ({ path, winner }) =>
    `The path ${path} of this Ingress does nothing today: ${winner} has the same host and path and comes first.`,
  remedy: () => "Nothing has to be done to keep today's behaviour; remove the path to make that plain.",
});

export const pathCollision = findingType<{ block: string; kept: string; lost: string }>({
  code: 'path/collision',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'Two paths make nginx refuse its whole configuration.',
  message: ({ block, kept, lost }) =>
    `The paths of ${kept} and ${lost} both become nginx's location "${block}", and nginx refuses its whole configuration because of it. ${kept} was kept.`,
  remedy: () => 'Remove one of the two paths.',
});

export const resourceBackend = findingType<{ resource: string }>({
  code: 'path/resource-backend',
  severity: 'note',
  fields: [],
  summary: 'ingress-nginx skips backends that are not Services.',
  message: ({ resource }) =>
    `The backend ${resource} is not a Service; ingress-nginx skips it, and so does the conversion.`,
  remedy: () => '',
});

export const canaryUnused = findingType<{ path: string; reason: string }>({
  code: 'canary/unused',
  severity: 'warning',
  fields: [],
  summary: 'A canary does nothing today.',
  message: ({ path, reason }) => `The canary path ${path} does nothing today: ${reason}.`,
  remedy: () => 'Remove it, or give it the host, path and type of a location that is not a canary.',
});

const optionDocs = 'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/';

export const unknownOption = findingType<{
  name: string;
  suggestions: readonly string[];
  release: string;
}>({
  code: 'option/unknown',
  severity: 'note',
  fields: [],
  summary: "The controller's ConfigMap has a key that ingress-nginx doesn't support.",
  message: ({ name, suggestions, release }) =>
    `ingress-nginx ${release} has no option ${name}, so it has no effect today.${suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : ''}`,
  remedy: () => 'Remove it, or use the key that was meant.',
  url: optionDocs,
});

export const invalidOption = findingType<{ name: string; value: string; reason: string }>({
  code: 'option/invalid',
  severity: 'warning',
  fields: [],
  summary: "A value of the controller's ConfigMap is not valid.",
  message: ({ name, value, reason }) =>
    `${name}: ${JSON.stringify(value)} is not valid (${reason}); the controller keeps the default today.`,
  remedy: () => 'Correct the value or remove the key; the conversion keeps what the controller does today.',
  url: optionDocs,
});

export const optInOption = findingType<{ name: string; istio: string }>({
  code: 'option/opt-in',
  severity: 'note',
  fields: [],
  summary: "An option of the controller's ConfigMap needs EnvoyFilters.",
  message: ({ name, istio }) =>
    `${name} is only converted where EnvoyFilters are allowed${istio === '' ? '' : ` (${istio})`}.`,
  remedy: () => 'Allow them with --envoy-filters allow if the option matters.',
  url: optionDocs,
});

export const manualOption = findingType<{ name: string; effect: string; istio: string; note: string }>({
  code: 'option/manual',
  severity: 'warning',
  fields: [],
  summary: "An option of the controller's ConfigMap needs manual migration.",
  message: ({ name, effect }) => `${name} was not converted. ${effect}`,
  remedy: ({ istio, note }) =>
    [istio === '' ? '' : `Its place on Istio: ${istio}.`, note].filter((part) => part !== '').join(' ') ||
    'Migrate it manually, or accept that it has no effect.',
  url: optionDocs,
});

export const impossibleOption = findingType<{ name: string; effect: string; istio: string; note: string }>({
  code: 'option/impossible',
  severity: 'warning',
  fields: [],
  summary: "Neither Istio nor Envoy supports an option of the controller's ConfigMap.",
  message: ({ name, effect }) => `${name} has no counterpart in Istio or Envoy. ${effect}`,
  remedy: ({ note }) => (note === '' ? 'Do it in front of the gateway or in the application.' : note),
  url: optionDocs,
});

export const ledgerFindingTypes = [
  unknownOption,
  invalidOption,
  optInOption,
  manualOption,
  impossibleOption,
  notSelected,
  noClass,
  dropped,
  releaseDecides,
  unknownAnnotation,
  invalidValue,
  failsOpen,
  notConverted,
  impossible,
  pathLost,
  pathCollision,
  resourceBackend,
  canaryUnused,
];
