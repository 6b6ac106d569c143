import { findingType, type ObservableField } from '../../domain/findings.ts';
import { shown } from '../../text/shown.ts';

interface At {
  /** As a person would write it: `spec.rules[0].host`. */
  readonly field: string;
}

/** What a client sees differently where a part of an Ingress is left out that the cluster serves after all. */
const ROUTING: readonly ObservableField[] = ['status', 'upstream'];

export const upgraded = findingType<{ readonly from: string }>({
  code: 'input/upgraded-api',
  severity: 'note',
  fields: [],
  summary: 'An Ingress of an API version that Kubernetes no longer serves was read as networking.k8s.io/v1.',
  message: ({ from }) =>
    `Written in ${from}; read as networking.k8s.io/v1, with pathType ImplementationSpecific where none is given.`,
  remedy: () => '',
});

export const unknownVersion = findingType<{ readonly version: string }>({
  code: 'input/unknown-api-version',
  severity: 'warning',
  fields: [],
  summary: 'An Ingress has an API version that does not exist.',
  message: ({ version }) =>
    `The API version ${shown(version)} has no Ingress; it was read as networking.k8s.io/v1.`,
  remedy: () => 'Write apiVersion: networking.k8s.io/v1.',
});

export const mixedVersions = findingType<At & { readonly version: string }>({
  code: 'input/mixed-versions',
  severity: 'warning',
  fields: [],
  summary: 'An Ingress has fields of another API version than its own.',
  message: ({ field, version }) =>
    `${field} is not in the form of ${version}, the API version of this Ingress; it was read as meant.`,
  remedy: () => 'Write the backend as `service: {name: …, port: {number: …}}` under networking.k8s.io/v1.',
});

export const noRules = findingType({
  code: 'input/ingress-without-rules',
  severity: 'warning',
  fields: [],
  summary: 'An Ingress has neither rules nor a default backend.',
  message: () =>
    'This Ingress has neither rules nor a default backend, so it routes nothing; Kubernetes refuses it.',
  remedy: () => 'Add a rule or spec.defaultBackend, or remove the Ingress.',
});

export const badHost = findingType<At & { readonly host: unknown; readonly reason: string }>({
  code: 'input/bad-host',
  severity: 'error',
  fields: ROUTING,
  summary: 'A rule has a host that Kubernetes refuses.',
  message: ({ field, host, reason }) =>
    `${field} ${shown(host)} is not a host: ${reason}. The rule was left out.`,
  remedy: () =>
    'Write a lower-case DNS name, with at most one "*." before it; if it is a placeholder, render the template first.',
});

export const badTlsHost = findingType<At & { readonly host: unknown; readonly reason: string }>({
  code: 'input/bad-tls-host',
  severity: 'warning',
  fields: ['certificate', 'connection'],
  summary: 'A TLS entry names a host that Kubernetes refuses.',
  message: ({ field, host, reason }) =>
    `${field} ${shown(host)} is not a host: ${reason}. It was left out of the TLS entry.`,
  remedy: () => 'Write a lower-case DNS name, with at most one "*." before it.',
});

export const relativePath = findingType<At & { readonly path: string; readonly pathType: string }>({
  code: 'input/relative-path',
  severity: 'error',
  fields: ROUTING,
  summary: 'A path of type Exact or Prefix does not begin with a slash.',
  message: ({ field, path, pathType }) =>
    `${field} ${shown(path)} does not begin with "/", as Kubernetes wants of type ${pathType}. The path was left out.`,
  remedy: () => 'Write the path with its leading slash.',
});

export const refusedPath = findingType<At & { readonly path: string; readonly reason: string }>({
  code: 'input/refused-path',
  severity: 'warning',
  fields: [],
  summary: 'A path is one that Kubernetes refuses today; it was read all the same.',
  message: ({ field, path, reason }) =>
    `${field} ${shown(path)} ${reason}: Kubernetes refuses it today. It was read as written.`,
  remedy: () => 'Correct the path.',
});

export const missingPathType = findingType<At>({
  code: 'input/missing-path-type',
  severity: 'warning',
  fields: [],
  summary: 'A path of networking.k8s.io/v1 has no pathType.',
  message: ({ field }) => `${field} is missing, which networking.k8s.io/v1 does not allow.`,
  remedy: () => 'Write the one that is meant: Prefix, Exact or ImplementationSpecific.',
});

export const badPathType = findingType<At & { readonly pathType: unknown }>({
  code: 'input/bad-path-type',
  severity: 'warning',
  fields: [],
  summary: 'A pathType is not one of the three.',
  message: ({ field, pathType }) =>
    `${field} ${shown(pathType)} does not exist; the path was read as if it had none.`,
  remedy: () => 'Write Prefix, Exact or ImplementationSpecific.',
});

export const badBackend = findingType<At & { readonly reason: string }>({
  code: 'input/bad-backend',
  severity: 'error',
  fields: ROUTING,
  summary: 'A path or default backend names nothing that could serve it.',
  message: ({ field, reason }) => `${field} ${reason}. What it serves was left out.`,
  remedy: () => 'Name a Service and one of its ports; if it is a placeholder, render the template first.',
});

export const badPort = findingType<At & { readonly port: unknown }>({
  code: 'input/bad-port',
  severity: 'error',
  fields: ROUTING,
  summary: 'A backend has no port, or one that cannot be.',
  message: ({ field, port }) =>
    port === undefined
      ? `${field} is missing; Kubernetes refuses a backend without a port.`
      : `${field} ${shown(port)} is not a port; it was read as missing.`,
  remedy: () => 'Give the number (1 to 65535) or the name of a port of the Service.',
});

export const textPort = findingType<At & { readonly port: string }>({
  code: 'input/port-as-text',
  severity: 'warning',
  fields: [],
  summary: 'A port number is written as text.',
  message: ({ field, port }) =>
    `${field} ${shown(port)} is a number in quotes, which Kubernetes refuses; it was read as the number ${port}.`,
  remedy: () => 'Write the port number without quotes, in the field for numbers.',
});

export const strayDefaultBackend = findingType({
  code: 'input/default-backend-alone',
  severity: 'error',
  fields: ROUTING,
  summary: 'All rules of an Ingress were left out, and so was its default backend.',
  message: () =>
    'None of the rules could be read, so the default backend was left out too: without rules it would serve every host.',
  remedy: () => 'Correct the rules.',
});

export const ingressFindingTypes = [
  upgraded,
  unknownVersion,
  mixedVersions,
  noRules,
  badHost,
  badTlsHost,
  relativePath,
  refusedPath,
  missingPathType,
  badPathType,
  badBackend,
  badPort,
  textPort,
  strayDefaultBackend,
];
