import { decodeAnnotations } from '../../../src/decode/decode.ts';
import { builtInMappings } from '../../../src/decode/mappings.ts';
import { defaultOptions, type Options } from '../../../src/domain/options.ts';
import { convertServers } from '../../../src/features/convert.ts';
import { snippets } from '../../../src/features/snippets/index.ts';
import { assemble } from '../../../src/istio/assemble.ts';
import type { HttpRoute } from '../../../src/istio-api/types.ts';
import { buildModel } from '../../../src/nginx/build.ts';
import { readController } from '../../../src/nginx/controller.ts';
import { lookupOf } from '../../../src/nginx/lookup.ts';
import { settingsReader } from '../../../src/nginx/settings.ts';
import { readTexts } from '../../../src/read/index.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
`;

/** An Ingress for `shop.example.com` with a snippet, its paths and more annotations. */
export function ingressWith(
  annotations: Readonly<Record<string, string>>,
  paths: readonly string[] = ['/'],
  host = 'shop.example.com',
): string {
  const named = Object.fromEntries(
    Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
  );
  return JSON.stringify({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'web', namespace: 'shop', annotations: named },
    spec: {
      ingressClassName: 'nginx',
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
  });
}

/** What the snippets feature alone makes of an input, and the objects that come of it. */
export function convertSnippets(text: string, options: Partial<Options> = {}) {
  const all = { ...defaultOptions, ...options };
  const mappings = builtInMappings();
  const cluster = readTexts([{ file: 'input.yaml', text: `${service}---\n${text}` }]);
  const { controller, tcpServices } = readController(cluster, all);
  const annotations = new Map(
    cluster.ingresses.map((ingress) => [
      ingress,
      decodeAnnotations(ingress, mappings, {
        prefix: controller.flags.annotationsPrefix,
        release: controller.release.version,
        validates: controller.flags.validatesAnnotations,
      }),
    ]),
  );
  const lookup = lookupOf(cluster);
  const { model } = buildModel(lookup, annotations, controller, tcpServices);
  const context = {
    cluster: lookup,
    model,
    servers: new Map(model.servers.map((server) => [server.host, server])),
    options: all,
    settings: settingsReader(controller, mappings),
  };
  const converted = convertServers(model, [snippets], context);
  const { objects } = assemble(converted, model, all);
  const outcomes = [...converted.outcomes.values()];
  const specOf = (kind: string): unknown[] =>
    objects.filter(({ object }) => object.kind === kind).map(({ object }) => object.spec);
  const routes = specOf('VirtualService').flatMap((spec) => (spec as { http?: HttpRoute[] }).http ?? []);
  return {
    routes,
    policies: specOf('AuthorizationPolicy') as { rules: unknown }[],
    objects: objects.map(({ object }) => object),
    codes: converted.findings.map(({ type }) => type.code),
    findings: converted.findings,
    outcomes,
    claims: [...converted.claims.values()],
    statuses: outcomes.map(({ subject, status }) => `${subject.name}: ${status}`),
  };
}
