import type { Conversion } from '../../src/conversion/conversion.ts';
import { messageOf } from '../../src/domain/findings.ts';
import { defaultOptions, type Options, withParity } from '../../src/domain/options.ts';
import type { IstioObject } from '../../src/istio-api/objects.ts';
import type { HttpRoute } from '../../src/istio-api/types.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

export const parity: Options = withParity(defaultOptions);

/** EnvoyFilters, and nothing else of parity. */
export const filters: Options = { ...defaultOptions, envoyFilters: 'allow' };

export function convertYaml(yaml: string, options: Options = defaultOptions): Conversion {
  return convert(readTexts([{ file: 'input.yaml', text: yaml }]), options);
}

export interface IngressText {
  readonly name?: string;
  readonly host?: string;
  readonly paths?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tls?: boolean;
}

/** A Service `demo/web` and Ingresses to it; annotations without their prefix. `config` is the controller's ConfigMap. */
export function input(
  ingresses: readonly IngressText[],
  config: Readonly<Record<string, string>> = {},
): string {
  const objects: object[] = [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'demo' },
      spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    ...ingresses.map(({ name = 'web', host = 'a.example.com', paths = ['/'], annotations = {}, tls }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: {
        name,
        namespace: 'demo',
        annotations: Object.fromEntries(
          Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
        ),
      },
      spec: {
        ingressClassName: 'nginx',
        ...(tls && { tls: [{ hosts: [host], secretName: 'cert' }] }),
        rules: [
          {
            host,
            http: {
              paths: paths.map((path) => ({
                path,
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { number: 80 } } },
              })),
            },
          },
        ],
      },
    })),
  ];
  if (Object.keys(config).length > 0) {
    objects.push({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
      data: config,
    });
  }
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

export function objectsOf(conversion: Conversion, kind: string): IstioObject[] {
  return conversion.objects.flatMap(({ object }) => (object.kind === kind ? [object] : []));
}

/** The routes of a host, in their order. */
export function routesOf(conversion: Conversion, host = 'a.example.com'): readonly HttpRoute[] {
  const specs = objectsOf(conversion, 'VirtualService').map(
    ({ spec }) => spec as { readonly hosts: readonly string[]; readonly http?: readonly HttpRoute[] },
  );
  return specs.find(({ hosts }) => hosts.includes(host))?.http ?? [];
}

/** The patches of the EnvoyFilters whose name ends so. */
export function patchesOf(conversion: Conversion, ending: string): readonly unknown[] {
  return objectsOf(conversion, 'EnvoyFilter').flatMap(({ metadata, spec }) =>
    metadata.name.endsWith(ending) ? (spec as { configPatches: unknown[] }).configPatches : [],
  );
}

export function codesOf(conversion: Conversion): string[] {
  return [...new Set(conversion.findings.map(({ type }) => type.code))].sort();
}

export function messagesOf(conversion: Conversion, code: string): string[] {
  return conversion.findings.filter(({ type }) => type.code === code).map(messageOf);
}

/** What became of an annotation, by its name without prefix. */
export function statusOf(conversion: Conversion, annotation: string): string | undefined {
  return conversion.outcomes.find(({ subject }) => subject.name.endsWith(`/${annotation}`))?.status;
}
