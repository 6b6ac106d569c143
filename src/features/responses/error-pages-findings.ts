import { findingType, type ObservableField } from '../../domain/findings.ts';

/** What the error backend sees in place of the headers of a usual request. */
const requestHeaders: readonly ObservableField[] = [
  'request-header:x-code',
  'request-header:x-format',
  'request-header:x-original-uri',
  'request-header:x-namespace',
  'request-header:x-ingress-name',
  'request-header:x-service-name',
  'request-header:x-service-port',
  'request-header:x-real-ip',
  'request-header:x-scheme',
  'request-header:x-forwarded-for',
  'request-header:x-forwarded-host',
  'request-header:x-forwarded-port',
  'request-header:x-forwarded-proto',
  'request-header:x-forwarded-scheme',
];

export const optIn = findingType<{ codes: string; backend: string }>({
  code: 'error-pages/opt-in',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'side-requests', ...requestHeaders],
  withLocationHeaders: true,
  summary: 'Error answers are not replaced by those of the error backend.',
  message: ({ codes, backend }) =>
    `nginx replaces answers with the statuses ${codes} by what ${backend} says; on Istio they reach the client as they are.`,
  remedy: () =>
    'Allow EnvoyFilters (--envoy-filters allow), or have the applications send their own error pages.',
  url: 'https://kubernetes.github.io/ingress-nginx/user-guide/custom-errors/',
});

export const fallbackOptIn = findingType<{ backend: string }>({
  code: 'error-pages/default-backend-opt-in',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'No other Service answers while the real one has no ready pod.',
  message: ({ backend }) =>
    `While the Service of the location has no ready pod, ingress-nginx sends its requests to ${backend}; Istio returns 503.`,
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow).',
});

export const builtIn = findingType<{ codes: string }>({
  code: 'error-pages/built-in-backend',
  severity: 'warning',
  fields: ['status'],
  withLocationHeaders: true,
  summary: 'Error answers become those of the built-in default backend today.',
  message: ({ codes }) =>
    `The ConfigMap's custom-http-errors (${codes}) sends errors to the default backend, and there is none but nginx's own: it turns them into 404, and into 500 if 404 is itself in the list, also where no location matches.`,
  remedy: () =>
    'Start from --default-backend-service with a Service that has error pages, or remove the key.',
});

export const withoutBody = findingType<object>({
  code: 'error-pages/request-body',
  severity: 'note',
  fields: ['request-header:content-type'],
  summary: 'The error backend gets requests without their body.',
  message: () =>
    'nginx sends the body of the request to the error backend as well; the EnvoyFilter leaves it out.',
  remedy: () => '',
});

export const standIn = findingType<{ service: string; reason: string; backend: string }>({
  code: 'error-pages/stand-in',
  severity: 'warning',
  fields: [],
  summary: "The default backend replaces a Service that isn't in the input.",
  message: ({ reason, backend }) =>
    `Requests go to ${backend}, as in nginx if the input is complete, because ${reason}.`,
  remedy: () => 'Add the Services to the input (kubectl get services -A -o yaml), or fix the path.',
});
