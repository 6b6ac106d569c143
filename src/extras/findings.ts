import { findingType } from '../domain/findings.ts';

export const destinationRuleExists = findingType<{ host: string; existing: string }>({
  code: 'extras/destination-rule-exists',
  severity: 'warning',
  fields: [],
  summary: "Limits for a Service aren't written, because a DestinationRule for it is there already.",
  message: ({ host, existing }) =>
    `Connection pools and outlier detection for ${host} aren't written: the gateway would use them in place of the DestinationRule ${existing} of the input, and lose what that one sets.`,
  remedy: () => 'Add the limits to that DestinationRule, or remove it and convert again.',
  url: 'https://istio.io/latest/docs/reference/config/networking/destination-rule/',
});

export const noServiceAccount = findingType<{ gateway: string }>({
  code: 'extras/no-service-account',
  severity: 'warning',
  fields: [],
  summary: "Access from the gateway only isn't written, because the gateway's service account is unknown.",
  message: ({ gateway }) =>
    `The input doesn't show the service account of the gateway ${gateway}, so no AuthorizationPolicy for the backends behind it is written; a wrong name would block all requests.`,
  remedy: () =>
    "Name it with --gateway-service-account (or gateway.serviceAccount in the config file), or add the gateway's Deployment to the input.",
});

export const noSelector = findingType<{ service: string; extras: string; reason: string }>({
  code: 'extras/no-selector',
  severity: 'warning',
  fields: [],
  summary: "Policies for a Service's pods aren't written, because it doesn't select any.",
  message: ({ service, extras, reason }) =>
    `The Service ${service} ${reason}, so there are no pods for ${extras} to apply to.`,
  remedy: () => 'Write the policies manually where the backend is part of the mesh.',
});

export const ownTls = findingType<{ service: string; extras: string }>({
  code: 'extras/own-tls',
  severity: 'warning',
  fields: [],
  summary:
    "Policies for a Service's pods aren't written, because the gateway opens the Service's own TLS to them.",
  message: ({ service, extras }) =>
    `The gateway opens TLS of its own to the pods of ${service} (backend-protocol or proxy-ssl-*), and not Istio's mutual TLS, so ${extras} would refuse the gateway, too.`,
  remedy: () =>
    'Let the pods serve plain HTTP next to their sidecar and remove backend-protocol, or protect them in another way.',
});

export const exists = findingType<{ kind: string; existing: string; service: string }>({
  code: 'extras/exists',
  severity: 'warning',
  fields: [],
  summary: "A policy isn't written, because one of its kind for the same pods is there already.",
  message: ({ kind, existing, service }) =>
    `No ${kind} for the pods of ${service} is written: ${existing} of the input is for these pods, and Istio uses one ${kind} for a pod.`,
  remedy: ({ kind }) => `Change the existing ${kind} instead.`,
});

export const telemetryExists = findingType<{ existing: string; missing: string }>({
  code: 'extras/telemetry-exists',
  severity: 'warning',
  fields: [],
  summary: "The gateway's Telemetry is there already, and Istio uses one for a pod.",
  message: ({ existing, missing }) =>
    `The Telemetry ${existing} is for the gateway's pods, and Istio uses one for a pod, so no other is written. It doesn't set ${missing}.`,
  remedy: () => 'Add what is missing to that Telemetry.',
});

export const closedToNginx = findingType<{ policies: number }>({
  code: 'extras/closed-to-nginx',
  severity: 'note',
  fields: [],
  summary: 'With access from the gateway only, ingress-nginx no longer reaches the backends.',
  message: ({ policies }) =>
    `${policies === 1 ? 'The AuthorizationPolicy' : `The ${policies} AuthorizationPolicies`} under extras/ also ${policies === 1 ? 'refuses' : 'refuse'} ingress-nginx, which isn't part of the mesh: hosts that it still serves get 403.`,
  remedy: () => 'Apply extras/ when no host of these backends is left on ingress-nginx.',
});

export const otherCallers = findingType<{ service: string; callers: readonly string[] }>({
  code: 'extras/other-callers',
  severity: 'warning',
  fields: [],
  summary: 'Others than the gateway call a backend that only the gateway may reach.',
  message: ({ service, callers }) =>
    `With access from the gateway only, ${service} refuses ${callers.join('; ')}.`,
  remedy: () =>
    "Add the principals of those that have to reach it to the policy's list, or leave the policy out.",
});

export const strictTls = findingType<{ policies: number }>({
  code: 'extras/strict-tls',
  severity: 'note',
  fields: [],
  summary: 'With strict mutual TLS, callers outside the mesh no longer reach the backends.',
  message: ({ policies }) =>
    `${policies === 1 ? 'The PeerAuthentication' : `The ${policies} PeerAuthentications`} under extras/ ${policies === 1 ? 'closes' : 'close'} plain connections: those of ingress-nginx, and of every other caller without a sidecar or ztunnel.`,
  remedy: () => 'Apply extras/ when no host of these backends is left on ingress-nginx.',
});

export const extraFindingTypes = [
  destinationRuleExists,
  noServiceAccount,
  noSelector,
  ownTls,
  exists,
  telemetryExists,
  closedToNginx,
  otherCallers,
  strictTls,
];
