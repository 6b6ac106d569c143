import { layerOfFlags } from '../../src/config/flags.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { type Finding, messageOf } from '../../src/domain/findings.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

/** Objects of a cluster as texts, converted with flags. */
export function converted(documents: readonly string[], flags: Record<string, unknown>): Conversion {
  const cluster = readTexts([{ file: 'input.yaml', text: documents.join('\n---\n') }]);
  return convert(cluster, resolveSettings(layerOfFlags(flags)).options);
}

/** An Ingress of `shop`, for one host; `path` and Service are its own. */
export function ingress(name: string, service: string, annotations: Record<string, string> = {}): string {
  const path = `{ path: /${name}, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }`;
  return [
    'apiVersion: networking.k8s.io/v1',
    'kind: Ingress',
    `metadata: { name: ${name}, namespace: shop, annotations: ${JSON.stringify(prefixed(annotations))} }`,
    `spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path}] } }] }`,
  ].join('\n');
}

function prefixed(annotations: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
  );
}

export function service(name: string, spec = `selector: { app: ${name} }`): string {
  return `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\nspec: { ${spec}, ports: [{ name: http, port: 80 }] }`;
}

/** The controller's ConfigMap. */
export function settings(data: Record<string, string>): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ingress-nginx-controller, namespace: ingress-nginx }\ndata: ${JSON.stringify(data)}`;
}

/** What was told of extras, as `code: message`. */
export function told({ findings }: Conversion): string[] {
  return findings
    .filter(({ type }) => type.code.startsWith('extras/') || type.code.startsWith('check/schema'))
    .map((finding: Finding) => `${finding.type.code}: ${messageOf(finding)}`);
}

/** The extras of a kind, as `namespace/name` with their specs. */
export function extrasOf({ extras = [] }: Conversion, kind: string): Record<string, object> {
  return Object.fromEntries(
    extras
      .filter(({ object }) => object.kind === kind)
      .map(({ object: { metadata, spec } }) => [`${metadata.namespace}/${metadata.name}`, spec]),
  );
}
