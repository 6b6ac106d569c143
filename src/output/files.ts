import { toCommentedYaml, toYaml } from '../emit/yaml.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import { meshConfigKind } from '../istio-api/objects.ts';
import type { Emitted } from '../plan/emitted.ts';
import { isKustomization, kustomizations } from './kustomizations.ts';
import { byHost, type Layout, pathIn, withSyncWave } from './layout.ts';

/** Path below the output directory, with `/`, and content. */
export type Files = ReadonlyMap<string, string>;

/** Whether parts of the objects say in comments what they come from. */
export interface Writing {
  readonly comments?: boolean;
  /** How files are divided among directories; a file a host by default. */
  readonly layout?: Layout;
  /** Paths of files that an earlier run wrote and that stay. */
  readonly kept?: readonly string[];
}

/**
 * Everything that `--output` writes, sorted by path: one file a host, and a kustomization over them; extras have one of their own.
 */
export function outputFiles(
  objects: readonly Emitted[],
  { comments = true, layout = byHost, kept = [] }: Writing = {},
): Files {
  const byPath = new Map<string, Emitted[]>();
  for (const emitted of objects) {
    const path = pathIn(layout, emitted);
    const written = withSyncWave(layout, emitted);
    const together = byPath.get(path);
    if (together === undefined) byPath.set(path, [written]);
    else together.push(written);
  }
  const paths = [...byPath.keys()].sort();
  const files = new Map(paths.map((path) => [path, textOf(byPath.get(path)!, comments)]));
  const all = [...new Set([...paths, ...kept.filter((path) => !isKustomization(path))])].sort();
  for (const [path, text] of kustomizations(all)) files.set(path, text);
  return files;
}

/** The same objects as one stream, for stdout. What no cluster takes stands at its end as a comment. */
export function outputStream(objects: readonly Emitted[], { comments = true }: Writing = {}): string {
  const mesh = objects.filter(isMeshConfig).map(({ object }) => object);
  const stream = yamlOf(
    objects.filter((emitted) => !isMeshConfig(emitted)),
    comments,
  );
  return `${stream}${mesh.map((object) => commented(meshValues(object))).join('')}`;
}

function textOf(objects: readonly Emitted[], comments: boolean): string {
  const mesh = objects.filter(isMeshConfig).map(({ object }) => object);
  return mesh.length > 0 ? mesh.map(meshValues).join('') : yamlOf(objects, comments);
}

function yamlOf(objects: readonly Emitted[], comments: boolean): string {
  if (!comments) return toYaml(objects.map(({ object }) => object));
  return toCommentedYaml(
    objects.map(({ object, parts = [] }) => {
      const told = parts.filter(({ comment }) => comment.length > 0);
      return { object, comments: new Map(told.map(({ path, comment }) => [path, comment])) };
    }),
  );
}

function isMeshConfig({ object: { kind } }: Emitted): boolean {
  return kind === meshConfigKind;
}

/** Values of istiod's Helm chart and no object, so that nobody applies them by mistake. */
function meshValues({ spec }: IstioObject): string {
  return `# Settings of the mesh itself, as values of istiod's Helm chart:
#   helm upgrade istiod istio/istiod --namespace istio-system --reuse-values -f mesh-config.yaml
# For istioctl, put meshConfig below spec of an IstioOperator. Lists replace the ones that the mesh has: join them first.
${toYaml([{ meshConfig: spec }])}`;
}

function commented(text: string): string {
  return text.replace(/^(?!#)/gm, '# ').replace(/# $/, '');
}
