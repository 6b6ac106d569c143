/** A cluster in a few words, for what hangs on Services: every Service is in `demo`, annotations go without their prefix. */
export interface ServiceText {
  readonly name: string;
  readonly port?: number;
  readonly portName?: string;
  readonly externalName?: string;
}

export interface PathText {
  readonly path?: string;
  readonly service: string;
  readonly port?: number;
}

export interface UpstreamIngress {
  readonly name: string;
  readonly host?: string;
  readonly to: readonly PathText[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tls?: string;
}

export interface ClusterText {
  readonly services?: readonly ServiceText[];
  readonly ingresses: readonly UpstreamIngress[];
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  readonly config?: Readonly<Record<string, string>>;
}

const defaultServices: readonly ServiceText[] = [{ name: 'web' }, { name: 'other' }];

/** Ingresses are created in the order in which they stand: the first is the oldest. */
export function clusterYaml({
  services = defaultServices,
  ingresses,
  secrets = {},
  config = {},
}: ClusterText): string {
  const objects: object[] = [
    ...services.map(({ name, port = 80, portName = 'http', externalName }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'demo' },
      spec: {
        ports: [{ name: portName, port }],
        ...(externalName !== undefined && { type: 'ExternalName', externalName }),
      },
    })),
    ...Object.entries(secrets).map(([name, keys]) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'demo' },
      data: Object.fromEntries(keys.map((key) => [key, ''])),
    })),
    ...ingresses.map((ingress, index) => ingressOf(ingress, index)),
  ];
  if (Object.keys(config).length > 0)
    objects.push({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
      data: config,
    });
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

function ingressOf(
  { name, host = 'a.example.com', to, annotations = {}, tls }: UpstreamIngress,
  index: number,
): object {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name,
      namespace: 'demo',
      creationTimestamp: `2024-01-01T00:00:${String(index).padStart(2, '0')}Z`,
      annotations: Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
      ),
    },
    spec: {
      ingressClassName: 'nginx',
      ...(tls !== undefined && { tls: [{ hosts: [host], secretName: tls }] }),
      rules: [
        {
          host,
          http: {
            paths: to.map(({ path = '/', service, port = 80 }) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: service, port: { number: port } } },
            })),
          },
        },
      ],
    },
  };
}
