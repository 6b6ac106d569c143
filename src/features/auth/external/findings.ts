import { findingType, type ObservableField } from '../../../domain/findings.ts';

const answered: readonly ObservableField[] = ['status', 'upstream', 'path', 'method', 'host', 'location'];

export const closed = findingType<{ path: string; url: string; reason: string; remedy: string }>({
  code: 'auth-external/closed',
  severity: 'error',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: 'External authentication was not carried over, so its location is closed.',
  message: ({ path, url, reason }) =>
    `nginx asks ${url} before each request to ${path}, and ${reason}; the location answers 503 until somebody decides.`,
  remedy: ({ remedy }) => remedy,
  url: 'https://istio.io/latest/docs/tasks/security/authorization/authz-custom/',
});

export const provider = findingType<{ path: string; name: string; url: string }>({
  code: 'auth-external/provider-differs',
  severity: 'warning',
  fields: [...answered, 'side-requests', 'response-header:www-authenticate', 'response-header:set-cookie'],
  summary: 'An extension provider asks the auth service in another way than nginx.',
  message: ({ path, name, url }) =>
    `The provider ${name} asks in the place of nginx for ${path}: with the method and path of the request behind ${url}, and it passes on status 200 alone; any other answer, be it 202, 302 or 404, goes to the client.`,
  remedy: () =>
    'Have the auth service answer 200 for whom it lets in and take any method and path, or allow EnvoyFilters (--envoy-filters allow), which ask as nginx does.',
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
    `nginx keeps the auth service's answers for ${path}; Envoy asks for each request, so decisions are fresher and the auth service has more to do.`,
  remedy: () => 'Give the auth service room for one question a request.',
});

export const missingService = findingType<{ path: string; url: string; reason: string }>({
  code: 'auth-external/no-such-service',
  severity: 'warning',
  fields: [],
  summary: 'The auth service is not in the input.',
  message: ({ path, url, reason }) =>
    `nginx asks ${url} before each request to ${path}; ${reason}. If there is none in the cluster either, both systems answer 500.`,
  remedy: () => 'Add the Services to the input (kubectl get services -A -o yaml), or mend the URL.',
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
    `nginx sends clients of ${path} to the sign-in page where the password is missing, too; Envoy answers 401 to these.`,
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
