import type { Emitted } from '../conversion.ts';
import { toYaml } from '../emit/yaml.ts';
import type { IstioObject } from '../istio/objects.ts';
import { outputPath } from './names.ts';

/** Path below the output directory, with `/`, and content. */
export type Files = ReadonlyMap<string, string>;

/** The folder of changes to the mesh's own settings; they belong to whoever runs the mesh and are not applied with the rest. */
const meshFolder = 'mesh/';

/** Everything that `--output` writes, sorted by path: one file a host, and a kustomization over them. */
export function outputFiles(objects: readonly Emitted[]): Files {
  const byPath = new Map<string, IstioObject[]>();
  for (const emitted of objects) {
    const path = outputPath(emitted.file);
    const together = byPath.get(path);
    if (together === undefined) byPath.set(path, [emitted.object]);
    else together.push(emitted.object);
  }
  const paths = [...byPath.keys()].sort();
  const files = new Map(paths.map((path) => [path, toYaml(byPath.get(path)!)]));
  files.set('kustomization.yaml', kustomization(paths));
  return files;
}

/** The same objects as one stream, for stdout. */
export function outputStream(objects: readonly Emitted[]): string {
  return toYaml(objects.map(({ object }) => object));
}

function kustomization(paths: readonly string[]): string {
  const resources = paths.filter((path) => !path.startsWith(meshFolder));
  const apart = paths.length - resources.length;
  const note =
    apart > 0
      ? `# ${meshFolder} is left out: it changes settings of the mesh itself. Read it, then apply it by hand.\n`
      : '';
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
  const list = resources.length === 0 ? ' []\n' : `\n${resources.map((path) => `- '${path}'\n`).join('')}`;
  return `${note}${head}resources:${list}`;
}
