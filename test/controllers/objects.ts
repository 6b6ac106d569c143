import { toYaml } from '../../src/emit/yaml.ts';

/** Objects of a cluster with several controllers, as documents. */
function document(object: object): string {
  return toYaml([object]).replace(/^---\n/, '');
}

/** A controller in the namespace of its name. */
export function deployment(namespace: string, args: readonly string[]): string {
  return document({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'controller', namespace },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'controller',
              image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
              args: ['/nginx-ingress-controller', ...args],
            },
          ],
        },
      },
    },
  });
}

export function classOf(name: string, controller: string): string {
  return document({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name },
    spec: { controller },
  });
}

export const service = ['shop', 'wiki']
  .map((namespace) =>
    document({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace },
      spec: { ports: [{ port: 80 }] },
    }),
  )
  .join('---\n');

export function ingress(
  name: string,
  className: string | undefined,
  host: string,
  more: {
    readonly namespace?: string;
    readonly path?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  } = {},
): string {
  const { namespace = 'shop', path = '/', annotations = {} } = more;
  const prefixed = Object.entries(annotations).map(([key, value]) => [
    `nginx.ingress.kubernetes.io/${key}`,
    value,
  ]);
  return document({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations: Object.fromEntries(prefixed) },
    spec: {
      ...(className !== undefined && { ingressClassName: className }),
      rules: [
        {
          host,
          http: {
            paths: [
              { path, pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } },
            ],
          },
        },
      ],
    },
  });
}
