import fc from 'fast-check';
import { toYaml } from '../src/emit/yaml.ts';

const namespaces = ['shop', 'team-a', 'web'];
const services = ['api', 'web', 'next'];
const hosts = ['', 'a.example.com', 'b.example.com', '*.example.com'];

const annotation = fc.oneof(
  ...Object.entries({
    'rewrite-target': ['/', '/$1', '/new'],
    'use-regex': ['true', 'false'],
    'ssl-redirect': ['true', 'false', 'maybe'],
    'force-ssl-redirect': ['true'],
    'enable-cors': ['true'],
    'cors-allow-origin': ['*', 'https://o.example.com'],
    'proxy-read-timeout': ['30', 'soon'],
    'backend-protocol': ['HTTPS', 'GRPC'],
    'whitelist-source-range': ['10.0.0.0/8', 'everybody'],
    'permanent-redirect': ['https://n.example.com'],
    'app-root': ['/start'],
    'auth-type': ['basic'],
    'auth-url': ['http://auth.shop.svc.cluster.local/check'],
    canary: ['true'],
    'canary-weight': ['10', '200'],
    'canary-by-header': ['x-canary'],
    'configuration-snippet': ['more_set_headers "X-A: 1";', 'deny all;', 'proxy_cache zone;'],
    'rate-limit': ['100'],
  }).map(([name, values]) =>
    fc
      .constantFrom(...values)
      .map((value): [string, string] => [`nginx.ingress.kubernetes.io/${name}`, value]),
  ),
);

const path = fc.record({
  path: fc.constantFrom('/', '/foo', '/foo/', '/foo/bar', '/a(.*)'),
  pathType: fc.constantFrom('Exact', 'Prefix', 'ImplementationSpecific'),
  backend: fc.constantFrom(...services).map((name) => ({ service: { name, port: { number: 80 } } })),
});

const rule = fc.record({
  host: fc.constantFrom(...hosts),
  http: fc.record({ paths: fc.array(path, { minLength: 1, maxLength: 3 }) }),
});

const ingress = fc.record({
  namespace: fc.constantFrom(...namespaces),
  year: fc.integer({ min: 2018, max: 2025 }),
  annotations: fc.array(annotation, { maxLength: 4 }),
  rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
  tls: fc.array(fc.constantFrom(...hosts.slice(1)), { maxLength: 1 }),
  aged: fc.boolean(),
});

/** The documents of a small cluster: Ingresses that meet on few hosts and paths, and the Services that they name. */
export const randomCluster = fc.array(ingress, { minLength: 1, maxLength: 5 }).map((all) => [
  ...namespaces.flatMap((namespace) =>
    services.map((name) =>
      document({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { ports: [{ name: 'http', port: 80 }] },
      }),
    ),
  ),
  ...all.map(({ namespace, year, annotations, rules, tls, aged }, index) =>
    document({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name: `ingress-${index}`,
        namespace,
        ...(aged && { creationTimestamp: `${year}-01-01T00:00:00Z` }),
        annotations: Object.fromEntries(annotations),
      },
      spec: {
        ingressClassName: 'nginx',
        ...(tls.length > 0 && { tls: tls.map((host) => ({ hosts: [host], secretName: 'tls' })) }),
        rules: rules.map(({ host, http }) => ({ ...(host !== '' && { host }), http })),
      },
    }),
  ),
]);

function document(object: object): string {
  return toYaml([object]).replace(/^---\n/, '');
}
