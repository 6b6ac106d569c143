// Takes from Istio's custom resource definitions what the schemas are made of: npm run istio-crds (needs Go and the network)
// Writes crds.generated.json: names, types and limits of fields, without a word of their descriptions, and the release that brought each.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';

/** Releases that are supported, and the next one, in order, with the version of istio.io/api that has their definitions. */
const releases = { '1.30': 'v1.30.8', '1.31': 'v1.31.0', '1.32': 'v1.32.0' } as const;
/** What the oldest one has is in all of them. */
const [floor] = Object.keys(releases);
/** The kinds that are written. */
const kinds = new Set([
  'AuthorizationPolicy',
  'DestinationRule',
  'EnvoyFilter',
  'Gateway',
  'PeerAuthentication',
  'ProxyConfig',
  'ServiceEntry',
  'Sidecar',
  'Telemetry',
  'VirtualService',
  'WasmPlugin',
]);
/** Definitions of older releases are not served; this is known of istio.io/api's tags. */
const older: Readonly<Record<string, string>> = { 'consistentHash.httpCookie.attributes': '1.28' };

interface Node {
  type?: string;
  enum?: string[];
  properties?: Record<string, Node>;
  items?: Node;
  additionalProperties?: Node | boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  since?: string;
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Node };
    }[];
  };
}

const kept = ['type', 'enum', 'minimum', 'maximum', 'maxLength', 'maxItems', 'required'] as const;

/** What a schema needs of a definition. */
function compact(node: Node, since: (path: string) => string | undefined, path: string): object {
  const first = since(path);
  const known = Object.fromEntries(
    kept.flatMap((key) => (node[key as keyof Node] === undefined ? [] : [[key, node[key as keyof Node]]])),
  );
  const inner = (own: Node, step: string): object => compact(own, since, `${path}${step}`);
  const properties = Object.entries(node.properties ?? {}).map(([name, own]) => [
    name,
    inner(own, `.${name}`),
  ]);
  return {
    ...known,
    ...(node['x-kubernetes-preserve-unknown-fields'] === true && { open: true }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(node.items !== undefined && { items: inner(node.items, '[]') }),
    ...(typeof node.additionalProperties === 'object' && { values: inner(node.additionalProperties, '{}') }),
    ...(first !== undefined && { since: first }),
  };
}

function pathsOf(node: Node, path = ''): string[] {
  const below = (own: Node | boolean | undefined, step: string) =>
    typeof own === 'object' ? pathsOf(own, `${path}${step}`) : [];
  return [
    path,
    ...Object.entries(node.properties ?? {}).flatMap(([name, own]) => below(own, `.${name}`)),
    ...below(node.items, '[]'),
    ...below(node.additionalProperties, '{}'),
  ];
}

function definitionsOf(version: string): Map<string, Definition> {
  const module = execFileSync('go', ['mod', 'download', '-json', `istio.io/api@${version}`], {
    encoding: 'utf8',
  });
  const { Dir } = JSON.parse(module) as { readonly Dir: string };
  const text = readFileSync(join(Dir, 'kubernetes/customresourcedefinitions.gen.yaml'), 'utf8');
  const all = (loadAll(text) as (Definition | null)[]).filter((one) => one !== null);
  return new Map(
    all.filter(({ spec }) => kinds.has(spec.names.kind)).map((one) => [one.spec.names.kind, one]),
  );
}

function specOf({ spec }: Definition): Node {
  return spec.versions.at(-1)!.schema.openAPIV3Schema.properties!['spec']!;
}

const byRelease = Object.entries(releases).map(
  ([release, version]) => [release, definitionsOf(version)] as const,
);
const newest = byRelease.at(-1)![1];
const result = Object.fromEntries(
  [...newest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, definition]) => {
      const first = new Map<string, string>();
      for (const [release, definitions] of byRelease)
        for (const path of pathsOf(specOf(definitions.get(kind)!)))
          if (!first.has(path)) first.set(path, release);
      const since = (path: string): string | undefined => {
        const release = first.get(path);
        // What stands below a new field is as new as it.
        const above = first.get(path.replace(/(?:\.\w+|\[\]|\{\})$/, ''));
        if (release === floor) return Object.entries(older).find(([end]) => path.endsWith(end))?.[1];
        return release === above ? undefined : release;
      };
      const { group, versions } = definition.spec;
      const apiVersions = versions.map(({ name }) => `${group}/${name}`);
      return [kind, { apiVersions, spec: compact(specOf(definition), since, '') }];
    }),
);
writeFileSync(
  fileURLToPath(new URL('../src/istio-api/schemas/crds.generated.json', import.meta.url)),
  `${JSON.stringify(result)}\n`,
);
