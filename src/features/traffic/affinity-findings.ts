import { findingType } from '../../domain/findings.ts';

export const expiresAsMaxAge = findingType<object>({
  code: 'affinity/expires-as-max-age',
  severity: 'note',
  fields: ['response-header:set-cookie'],
  summary: 'The affinity cookie says Max-Age where it said Expires.',
  message: () =>
    'session-cookie-expires gives the cookie an Expires date; Envoy writes the same time as Max-Age, which all browsers of today read.',
  remedy: () => '',
});

export const persistentOptIn = findingType<object>({
  code: 'affinity/persistent-opt-in',
  severity: 'warning',
  fields: [],
  summary: 'Persistent affinity became balanced affinity.',
  message: () =>
    "affinity-mode persistent never moves a client while its pod lives; Istio's consistent hashing moves some clients when the number of pods changes.",
  remedy: () =>
    "Allow EnvoyFilters (--envoy-filters allow), which pins clients with Envoy's stateful session.",
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/stateful_session_filter',
});

export const changeOnFailure = findingType<object>({
  code: 'affinity/change-on-failure',
  severity: 'note',
  fields: ['status'],
  summary: 'A client stays with its pod while that pod fails.',
  message: () =>
    'session-cookie-change-on-failure gives a client another pod once a try on its own has failed; Envoy keeps to the cookie while Kubernetes counts the pod as ready.',
  remedy: () => 'Rely on readiness probes, or add outlierDetection to the DestinationRule.',
});

export const otherPods = findingType<object>({
  code: 'affinity/other-pod-on-retry',
  severity: 'note',
  fields: ['status', 'upstream', 'side-requests', 'response-header:set-cookie'],
  summary: 'Retries of a request without the affinity cookie may reach a pod again.',
  message: () =>
    'ingress-nginx sends each retry of a client without the cookie to a pod that has not failed yet, and returns 502 when none is left. The gateway retries by its own count and returns the last status of the pod.',
  remedy: () => 'Usually no action is needed.',
});

export const conditionalSameSite = findingType<object>({
  code: 'affinity/conditional-same-site',
  severity: 'note',
  fields: ['response-header:set-cookie'],
  summary: 'Old browsers get SameSite=None, too.',
  message: () =>
    'session-cookie-conditional-samesite-none leaves SameSite=None out for browsers that misread it; Envoy writes the same cookie for everybody.',
  remedy: () =>
    'Nothing, unless browsers from before 2020 still matter; then leave session-cookie-samesite out.',
});

export const canaryAnew = findingType<{ path: string; how: string }>({
  code: 'affinity/canary-decided-anew',
  severity: 'warning',
  fields: ['upstream', 'share', 'response-header:set-cookie'],
  summary: 'The affinity cookie does not keep a client with the canary or the main service.',
  message: ({ path, how }) =>
    `In nginx the affinity cookie of ${path} keeps a client with the service that it names, before any rule of the canary; ${how}.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), which lets the cookie decide between weights; or finish the canary before the migration.',
});
