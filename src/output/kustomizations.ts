import { toYaml } from '../emit/yaml.ts';
import { extrasFolder, type Gitops, unitOf } from './layout.ts';

/** Folders at the top of an output that its kustomization leaves out: changes of the mesh itself, what Flux reads elsewhere, extras. */
const apart = ['mesh/', 'flux/', extrasFolder];

export function isKustomization(path: string): boolean {
  return /(?:^|\/)kustomization\.yaml$/.test(path);
}

/**
 * A kustomization over all files, by path. Where the layout has folders, each has one of its own, and the one at the top names the
 * folders.
 * @param paths of all files that will be there, kustomizations aside
 */
export function kustomizations(paths: readonly string[]): ReadonlyMap<string, string> {
  const resources = paths.filter((path) => !apart.some((folder) => path.startsWith(folder)));
  const files = new Map<string, string>();
  const units = [...new Set(resources.map(unitOf))].sort();
  for (const unit of units) {
    if (unit === '') continue;
    const own = resources.filter((path) => unitOf(path) === unit);
    files.set(
      `${unit}/kustomization.yaml`,
      kustomization(
        own.map((path) => path.slice(unit.length + 1)),
        '',
      ),
    );
  }
  const extras = paths.filter((path) => path.startsWith(extrasFolder));
  const note = [
    ...(paths.some((path) => path.startsWith('mesh/'))
      ? ["# mesh/ isn't included: it changes settings of the mesh itself. Read it, then apply it manually.\n"]
      : []),
    ...(extras.length > 0
      ? [
          "# extras/ isn't included: it adds what ingress-nginx didn't do. Apply it by itself, after the move.\n",
        ]
      : []),
  ].join('');
  if (extras.length > 0) {
    const own = extras.map((path) => path.slice(extrasFolder.length));
    files.set(`${extrasFolder}kustomization.yaml`, kustomization(own, ''));
  }
  const top = resources.filter((path) => unitOf(path) === '');
  files.set(
    'kustomization.yaml',
    kustomization([...top, ...units.filter((unit) => unit !== '')].sort(), note),
  );
  return files;
}

function kustomization(resources: readonly string[], note: string): string {
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
  const list = resources.length === 0 ? ' []\n' : `\n${resources.map((path) => `- '${path}'\n`).join('')}`;
  return `${note}${head}resources:${list}`;
}

const fluxNote = `# Flux applies the folders in this order. Set the name of your GitRepository, and the path below which this output is in it.
`;

/**
 * Kustomizations of Flux, one a folder: what is shared first, then each wave after the one before it; of namespaces, that of the
 * gateway first, as it has what protects the routes.
 */
export function fluxFiles(
  paths: readonly string[],
  gitops: Gitops | undefined,
  { directory, gatewayNamespace }: { readonly directory: string; readonly gatewayNamespace: string },
): ReadonlyMap<string, string> {
  if (gitops !== 'flux') return new Map();
  const first = ['waves/shared', `namespaces/${gatewayNamespace}`];
  const units = [...new Set(paths.map(unitOf))].filter((unit) => unit !== '');
  const order = (unit: string): string => `${first.includes(unit) ? 0 : 1}${unit}`;
  units.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const inWaves = units.some((unit) => unit.startsWith('waves/'));
  return new Map(
    units.map((unit, index) => {
      const gateway = first.includes(units[0]!) && index > 0 ? units[0] : undefined;
      const before = inWaves ? units[index - 1] : gateway;
      const object = {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name: nameOf(unit), namespace: 'flux-system' },
        spec: {
          interval: '10m',
          path: `./${directory}/${unit}`,
          prune: true,
          wait: true,
          sourceRef: { kind: 'GitRepository', name: 'flux-system' },
          ...(before !== undefined && { dependsOn: [{ name: nameOf(before) }] }),
        },
      };
      return [`flux/${unit.slice(unit.indexOf('/') + 1)}.yaml`, `${fluxNote}${toYaml([object])}`];
    }),
  );
}

/** As in `ingress2istio-wave-001`. */
function nameOf(unit: string): string {
  return `ingress2istio-${unit.slice(unit.indexOf('/') + 1)}`.slice(0, 63);
}
