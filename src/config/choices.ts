import { extraNames } from '../domain/extras.ts';

/**
 * Every choice that a shop has to make: one row is a flag of the command line, a key of the config file
 * (`schema.json` says the same to editors; a test holds the two together) and a line of the README.
 */
export interface Choice {
  readonly flag: string;
  /** Path in the config file and in `Options`, as in `gateway.namespace`. */
  readonly key: string;
  readonly type: 'string' | 'boolean' | 'integer' | 'labels' | 'words' | 'controllers' | 'extras' | 'splits';
  /** What the value is, for the help. */
  readonly value?: string;
  readonly values?: readonly string[];
  readonly pattern?: string;
  /** What the pattern asks for, in words. */
  readonly form?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly describe: string;
}

const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const objectName = '[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?';

export const choices: readonly Choice[] = [
  {
    flag: 'gateway-namespace',
    key: 'gateway.namespace',
    type: 'string',
    value: 'NAME',
    pattern: `^${label}$`,
    form: 'the name of a namespace',
    describe: "Namespace of the gateway's pods, for Secrets, policies, and EnvoyFilters",
  },
  {
    flag: 'gateway-selector',
    key: 'gateway.selector',
    type: 'labels',
    value: 'KEY=VALUE',
    describe: "Label of the gateway's pods; repeat it for more",
  },
  {
    flag: 'gateway',
    key: 'gateway.existing',
    type: 'string',
    value: 'NAMESPACE/NAME',
    pattern: `^${label}/${objectName}$`,
    form: 'namespace/name of a Gateway',
    describe: 'Use this Gateway, which is there already, and write none',
  },
  {
    flag: 'gateway-http-port',
    key: 'gateway.httpPort',
    type: 'integer',
    value: 'PORT',
    minimum: 1,
    maximum: 65535,
    describe: "HTTP port of the gateway's Service",
  },
  {
    flag: 'gateway-https-port',
    key: 'gateway.httpsPort',
    type: 'integer',
    value: 'PORT',
    minimum: 1,
    maximum: 65535,
    describe: "HTTPS port of the gateway's Service",
  },
  {
    flag: 'gateway-service-account',
    key: 'gateway.serviceAccount',
    type: 'string',
    value: 'NAME',
    pattern: `^${objectName}$`,
    form: 'the name of a service account',
    describe:
      "Service account of the gateway's pods, for --with gateway-only, in place of the one that the input shows",
  },
  {
    flag: 'gateway-for',
    key: 'controllers',
    type: 'controllers',
    value: 'CLASS=NAMESPACE/LABEL=VALUE',
    describe:
      'Where the input has several controllers: the gateway of the one that serves this class, as its namespace and labels; repeat it for each',
  },
  {
    flag: 'controller',
    key: 'controller',
    type: 'string',
    value: 'CLASS',
    pattern: '^[A-Za-z0-9][A-Za-z0-9./_-]{0,252}$',
    form: 'a class, a --controller-class, or namespace/name of a workload',
    describe: 'Convert the Ingresses of this controller only',
  },
  {
    flag: 'namespace',
    key: 'namespace',
    type: 'string',
    value: 'NAME',
    pattern: `^${label}$`,
    form: 'the name of a namespace',
    describe:
      "Put every Gateway and VirtualService here instead of in the namespace of the host's oldest Ingress",
  },
  {
    flag: 'cluster-domain',
    key: 'clusterDomain',
    type: 'string',
    value: 'DOMAIN',
    pattern: `^${objectName}$`,
    form: 'a domain name',
    describe: 'DNS domain of the cluster',
  },
  {
    flag: 'api-version',
    key: 'apiVersion',
    type: 'string',
    values: ['v1', 'v1beta1', 'v1alpha3'],
    describe: 'Version of networking.istio.io to write',
  },
  {
    flag: 'istio-version',
    key: 'istioVersion',
    type: 'string',
    value: 'VERSION',
    pattern: '^1\\.[0-9]{1,3}$',
    form: 'a release of Istio such as 1.30',
    describe: 'Oldest Istio release that has to take the output, where the input does not show it',
  },
  {
    flag: 'tls',
    key: 'tls',
    type: 'string',
    values: ['auto', 'copy', 'certificate'],
    describe:
      "How a certificate gets to the gateway's namespace: with cert-manager where it issues it today (auto), or as a copy of the Secret",
  },
  {
    flag: 'default-issuer',
    key: 'defaultIssuer',
    type: 'string',
    value: 'NAME',
    pattern: `^([A-Z][A-Za-z]{0,62}/)?${objectName}$`,
    form: 'the name of a ClusterIssuer, or Kind/name',
    describe: "Issuer that cert-manager uses for kubernetes.io/tls-acme, where the input doesn't show it",
  },
  {
    flag: 'default-certificate',
    key: 'defaultCertificate',
    type: 'string',
    value: 'SECRET',
    pattern: `^(${label}/)?${objectName}$`,
    form: 'the name of a Secret or namespace/name',
    describe: 'Secret that keeps HTTPS for hosts without a tls entry',
  },
  {
    flag: 'envoy-filters',
    key: 'envoyFilters',
    type: 'string',
    values: ['allow', 'deny'],
    describe: 'Whether EnvoyFilters may be written',
  },
  {
    flag: 'forwarded-headers',
    key: 'forwardedHeaders',
    type: 'boolean',
    describe:
      "Write nginx's request headers (X-Real-IP, X-Forwarded-Host …) on every route (on; --no-… turns it off)",
  },
  {
    flag: 'inline-secrets',
    key: 'inlineSecrets',
    type: 'boolean',
    describe:
      'Put basic-auth users into an EnvoyFilter; the only case in which the data of a Secret is read and written',
  },
  {
    flag: 'ext-auth-provider',
    key: 'extAuthProvider',
    type: 'string',
    value: 'NAME',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$',
    form: 'the name of an extension provider',
    describe: 'Entry of extensionProviders that answers external auth',
  },
  {
    flag: 'cors-on-every-response',
    key: 'corsOnEveryResponse',
    type: 'boolean',
    describe: 'Send the CORS headers on every response, as nginx does (on; --no-… turns it off)',
  },
  {
    flag: 'path-normalization',
    key: 'mesh.pathNormalization',
    type: 'string',
    values: ['BASE', 'NONE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES', 'NGINX'],
    describe: "The mesh's pathNormalization, if it is set; NGINX: EnvoyFilters read paths as nginx does",
  },
  {
    flag: 'trusted-proxies',
    key: 'mesh.numTrustedProxies',
    type: 'integer',
    value: 'COUNT',
    minimum: 0,
    maximum: 100,
    describe: "The gateway's numTrustedProxies, if it is set",
  },
  {
    flag: 'assume-snippets',
    key: 'assumeSnippets',
    type: 'boolean',
    describe:
      'Treat snippets as allowed if the input has no ConfigMap of the controller (on; --no-… turns it off)',
  },
  {
    flag: 'controller-version',
    key: 'controllerVersion',
    type: 'string',
    value: 'VERSION',
    pattern: '^(0|1)\\.[0-9]{1,3}\\.[0-9]{1,3}$',
    form: 'a release of ingress-nginx such as 1.9.6',
    describe: 'Release of ingress-nginx that runs, in place of the one that the input shows',
  },
  {
    flag: 'controller-flags',
    key: 'controllerFlags',
    type: 'words',
    value: '"FLAGS"',
    describe:
      'Flags that ingress-nginx runs with, as in "--ingress-class=internal --watch-ingress-without-class"',
  },
  {
    flag: 'controller-config',
    key: 'controllerConfig',
    type: 'string',
    value: 'FILE',
    describe: "The controller's ConfigMap: its manifest, or its data as plain key: value lines",
  },
  {
    flag: 'with',
    key: 'extras',
    type: 'extras',
    value: 'LIST',
    describe: `What Istio adds, as objects under extras/ in the output: ${extraNames.join(', ')}, or several with commas`,
  },
  {
    flag: 'tcp-split',
    key: 'tcpSplits',
    type: 'splits',
    value: 'PORT=NAMESPACE/SERVICE:PORT@PERCENT',
    describe:
      'Send a share of the connections to a port of tcp-services to another Service; repeat it for each',
  },
  {
    flag: 'parity',
    key: 'parity',
    type: 'boolean',
    describe:
      'All that brings behaviour closest to nginx: EnvoyFilters, inline secrets, and the default certificate for every host',
  },
  {
    flag: 'comments',
    key: 'comments',
    type: 'boolean',
    describe:
      'Say in YAML comments which annotation a route, policy, or destination comes from (on; --no-… turns it off)',
  },
  {
    flag: 'fail-on',
    key: 'failOn',
    type: 'string',
    values: ['error', 'warning', 'note', 'never'],
    describe: 'Findings of this severity or worse make the exit code 1',
  },
];
