/** A name that people write although ingress-nginx 1.15.1 does not read it. */
interface PastName {
  /** A name, or the beginning of one followed by `*`. */
  readonly name: string;
  readonly instead: readonly string[];
  readonly note: string;
}

const removed = (release: string, more = '') =>
  `It was removed in ingress-nginx ${release} and does nothing since.${more === '' ? '' : ` ${more}`}`;
const never = (more = '') => `It never was an annotation of ingress-nginx.${more === '' ? '' : ` ${more}`}`;

/** What the changelog and the sources of ingress-nginx say of names that are not (or no longer) annotations. */
const pastNames: readonly PastName[] = [
  { name: 'secure-backends', instead: ['backend-protocol'], note: removed('0.21.0') },
  { name: 'grpc-backend', instead: ['backend-protocol'], note: removed('0.21.0') },
  { name: 'upstream-max-fails', instead: ['proxy-next-upstream'], note: removed('0.21.0') },
  { name: 'upstream-fail-timeout', instead: ['proxy-next-upstream-timeout'], note: removed('0.21.0') },
  { name: 'add-base-url', instead: ['rewrite-target'], note: removed('0.22.0') },
  { name: 'base-url-scheme', instead: ['rewrite-target'], note: removed('0.22.0') },
  {
    name: 'session-cookie-hash',
    instead: ['session-cookie-name'],
    note: removed('0.24.0', 'The kind of hash cannot be chosen any more.'),
  },
  { name: 'secure-verify-ca-secret', instead: ['proxy-ssl-secret'], note: removed('0.27.0') },
  { name: 'lua-resty-waf*', instead: ['enable-modsecurity'], note: removed('0.27.0') },
  { name: 'mirror-uri', instead: ['mirror-target'], note: removed('0.29.0') },
  { name: 'enable-influxdb', instead: [], note: removed('1.7.1') },
  { name: 'influxdb-*', instead: [], note: removed('1.7.1') },
  { name: 'enable-opentracing', instead: ['enable-opentelemetry'], note: removed('1.9.5') },
  {
    name: 'opentracing-trust-incoming-span',
    instead: ['opentelemetry-trust-incoming-span'],
    note: removed('1.9.5'),
  },
  { name: 'opentracing-*', instead: ['enable-opentelemetry'], note: removed('1.9.5') },
  {
    name: 'global-rate-limit*',
    instead: ['limit-rps', 'limit-rpm'],
    note: removed('1.12.0', 'What is left counts by gateway pod.'),
  },
  {
    name: 'jaeger-*',
    instead: ['enable-opentelemetry'],
    note: never('It was a key of the ConfigMap, removed in 1.9.5.'),
  },
  {
    name: 'zipkin-*',
    instead: ['enable-opentelemetry'],
    note: never('It was a key of the ConfigMap, removed in 1.9.5.'),
  },
  { name: 'healthcheck*', instead: [], note: never('Pods come and go by their readiness probes.') },
  { name: 'health-check*', instead: [], note: never('Pods come and go by their readiness probes.') },
  {
    name: 'rate-limit-connections',
    instead: ['limit-connections'],
    note: never('Nothing is limited today.'),
  },
  { name: 'rate-limit', instead: ['limit-rps', 'limit-rpm'], note: never('Nothing is limited today.') },
  { name: 'rate-limit-*', instead: ['limit-rps', 'limit-rpm'], note: never('Nothing is limited today.') },
  { name: 'limit-req*', instead: ['limit-rps', 'limit-rpm'], note: never('Nothing is limited today.') },
  { name: 'client-max-body-size', instead: ['proxy-body-size'], note: never() },
  { name: 'max-body-size', instead: ['proxy-body-size'], note: never() },
  { name: 'body-size', instead: ['proxy-body-size'], note: never() },
  {
    name: 'websocket-services',
    instead: [],
    note: never('It is one of the F5 NGINX Ingress Controller. Websockets need no annotation.'),
  },
  { name: 'enable-websocket*', instead: [], note: never('Websockets need no annotation.') },
  { name: 'websocket*', instead: [], note: never('Websockets need no annotation.') },
  {
    name: 'ssl-cipher',
    instead: ['ssl-ciphers'],
    note: never('Higress has one of this name.'),
  },
  { name: 'enable-gzip', instead: [], note: never('Compression is set in the ConfigMap, as use-gzip.') },
  { name: 'gzip', instead: [], note: never('Compression is set in the ConfigMap, as use-gzip.') },
  { name: 'ip-whitelist', instead: ['allowlist-source-range'], note: never('Nobody is kept out today.') },
  { name: 'ip-allowlist', instead: ['allowlist-source-range'], note: never('Nobody is kept out today.') },
  {
    name: 'blacklist-source-range',
    instead: ['denylist-source-range'],
    note: never('Nobody is kept out today.'),
  },
  { name: 'redirect-to-https', instead: ['ssl-redirect', 'force-ssl-redirect'], note: never() },
  { name: 'force-https', instead: ['force-ssl-redirect'], note: never() },
  { name: 'sticky-sessions', instead: ['affinity'], note: never() },
  { name: 'session-affinity', instead: ['affinity'], note: never() },
  { name: 'proxy-timeout', instead: ['proxy-read-timeout'], note: never() },
  { name: 'request-timeout', instead: ['proxy-read-timeout'], note: never() },
  { name: 'timeout', instead: ['proxy-read-timeout'], note: never() },
  { name: 'custom-response-headers', instead: ['custom-headers'], note: never() },
  {
    name: 'add-headers',
    instead: ['custom-headers'],
    note: never('It is a key of the ConfigMap of the controller.'),
  },
  { name: 'tls-acme', instead: [], note: never('cert-manager reads kubernetes.io/tls-acme.') },
];

/** What is known of a name, the most precise entry first. */
export function findPastName(name: string): PastName | undefined {
  return (
    pastNames.find((past) => past.name === name) ??
    pastNames.find((past) => past.name.endsWith('*') && name.startsWith(past.name.slice(0, -1)))
  );
}
