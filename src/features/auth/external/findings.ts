import { findingType, type ObservableField } from '../../../domain/findings.ts';

const answered: readonly ObservableField[] = ['status', 'upstream', 'path', 'method', 'host', 'location'];

export const closed = findingType<{ path: string; url: string; reason: string; remedy: string }>({
  code: 'auth-external/closed',
  severity: 'error',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: "External authentication isn't converted, so its route returns 503.",
  message: ({ path, url, reason }) =>
    `ingress-nginx calls ${url} before each request to ${path}, and ${reason}. The route returns 503 until you choose an option.`,
  remedy: ({ remedy }) => remedy,
  url: 'https://istio.io/latest/docs/tasks/security/authorization/authz-custom/',
});

export const provider = findingType<{ path: string; name: string; url: string }>({
  code: 'auth-external/provider-differs',
  severity: 'warning',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: 'An extension provider asks the auth service in another way than nginx.',
  message: ({ path, name, url }) =>
    `For ${path}, the provider ${name} calls the auth service with the method and path of the request appended to ${url}. Only status 200 lets a request pass; any other response, including 202, 302, and 404, goes to the client.`,
  remedy: () =>
    'Make the auth service return 200 for allowed requests and accept any method and path, or allow EnvoyFilters (--envoy-filters allow), which call it as ingress-nginx does.',
  url: 'https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider-EnvoyExternalAuthorizationHttpProvider',
});

export const takenHeaders = findingType<{ headers: readonly string[] }>({
  code: 'auth-external/headers-may-be-forged',
  severity: 'error',
  fields: [],
  summary: "A client's own header reaches the application where the auth service sends none.",
  message: ({ headers }) =>
    `${headers.join(', ')}: nginx takes the client's own header off where the auth service leaves it out, the extension provider does not.`,
  remedy: () =>
    'Have the auth service always send the header, if need be empty, or allow EnvoyFilters (--envoy-filters allow).',
});

export const signInLeft = findingType<{ path: string; signIn: string }>({
  code: 'auth-external/no-sign-in-redirect',
  severity: 'warning',
  fields: ['status', 'location'],
  summary: 'A refused client is not sent to the sign-in page.',
  message: ({ path, signIn }) =>
    `nginx sends a client of ${path} that the auth service refuses with 401 to ${signIn}; Istio hands the 401 on.`,
  remedy: () =>
    'Have the auth service answer with the redirect itself, or allow EnvoyFilters (--envoy-filters allow).',
});

export const notCached = findingType<{ path: string }>({
  code: 'auth-external/not-cached',
  severity: 'warning',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: "The auth service's answers are not kept.",
  message: ({ path }) =>
    `ingress-nginx caches the auth service's responses for ${path}. Envoy calls it for each request, so decisions are fresher and the auth service has more load.`,
  remedy: () => 'Give the auth service room for one question a request.',
});

export const missingService = findingType<{ path: string; url: string; reason: string }>({
  code: 'auth-external/no-such-service',
  severity: 'warning',
  fields: [],
  summary: 'The auth service is not in the input.',
  message: ({ path, url, reason }) =>
    `ingress-nginx calls ${url} before each request to ${path}; ${reason}. If the cluster has none either, both systems return 500.`,
  remedy: () => 'Add the Services to the input (kubectl get services -A -o yaml), or fix the URL.',
});

export const unverified = findingType<{ host: string }>({
  code: 'auth-external/unverified-certificate',
  severity: 'note',
  fields: [],
  summary: "The auth service's certificate is not verified.",
  message: ({ host }) => `Nobody verifies the certificate of the auth service ${host}, as in nginx.`,
  remedy: () => 'Take insecureSkipVerify out of its DestinationRule if its certificate is a public one.',
});

export const protectedAgain = findingType<{ path: string; name: string }>({
  code: 'auth-external/protected-again',
  severity: 'warning',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: 'A location that is open today because of a bad value is protected after the move.',
  message: ({ path, name }) =>
    `${path} is open today, because ingress-nginx leaves auth-url out where the value of ${name} is not valid; the conversion protects it.`,
  remedy: ({ name }) => `Correct the value of ${name}, or remove auth-url if the location is to be open.`,
});

export const globalOpen = findingType<{ url: string }>({
  code: 'auth-external/global-url-invalid',
  severity: 'error',
  fields: [],
  summary: 'global-auth-url is not a URL, so that nothing is protected by it today.',
  message: ({ url }) =>
    `global-auth-url is ${JSON.stringify(url)}, which is no URL with scheme and host; ingress-nginx ignores it, and the locations are open today as after the move.`,
  remedy: () => 'Correct the URL, so that it protects on both systems, or remove the key.',
});

export const passwordSignIn = findingType<{ path: string }>({
  code: 'auth-external/password-without-sign-in',
  severity: 'warning',
  fields: ['status', 'location', 'response-header:www-authenticate'],
  summary: 'A client without a password is not sent to the sign-in page.',
  message: ({ path }) =>
    `ingress-nginx also sends clients of ${path} without a password to the sign-in page; Envoy returns 401 to them.`,
  remedy: () => 'Drop one of the two ways of authentication.',
});

export const authExternalFindings = [
  closed,
  provider,
  takenHeaders,
  signInLeft,
  notCached,
  missingService,
  unverified,
  protectedAgain,
  globalOpen,
  passwordSignIn,
];
