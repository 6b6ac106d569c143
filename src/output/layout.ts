import type { Emitted } from '../plan/emitted.ts';
import { outputPath } from './names.ts';

/** How the files of an output are divided among directories. */
export type LayoutKind = 'host' | 'namespace' | 'wave';

export const layoutKinds: readonly LayoutKind[] = ['host', 'namespace', 'wave'];

/** Who applies the output, beside people with kubectl. */
export type Gitops = 'argo-cd' | 'flux';

export interface Layout {
  readonly kind: LayoutKind;
  readonly gitops?: Gitops | undefined;
  /** The waves of the hosts that use an object, sorted; empty for one of the whole gateway. Undefined: a host without a wave. */
  readonly wavesOf?: (emitted: Emitted) => readonly (number | undefined)[];
}

export const byHost: Layout = { kind: 'host' };

/** The folder of what several waves, or all, share. It is applied before them. */
const sharedFolder = 'waves/shared';
const unplannedFolder = 'waves/unplanned';

/** The folder of what Istio adds, in every layout: a kustomization of its own, so that moving and hardening are two changes. */
export const extrasFolder = 'extras/';

/** The path of the file in which an object is written. It depends on the object alone, and on the plan. */
export function pathIn(layout: Layout, emitted: Emitted): string {
  const apart = ['mesh/', extrasFolder].some((own) => emitted.file.startsWith(own));
  const folder = apart ? '' : folderFor(layout, emitted);
  return outputPath(folder === '' ? emitted.file : `${folder}/${emitted.file}`);
}

function folderFor({ kind, wavesOf }: Layout, emitted: Emitted): string {
  if (kind === 'host') return '';
  if (kind === 'namespace') return `namespaces/${emitted.object.metadata.namespace}`;
  const waves = wavesOf?.(emitted) ?? [];
  const [wave] = waves;
  if (waves.length !== 1) return sharedFolder;
  return wave === undefined ? unplannedFolder : waveFolder(wave);
}

/** Of one width up to wave 999, so that no later wave renames an earlier one. */
function waveFolder(wave: number): string {
  return `waves/wave-${String(wave).padStart(3, '0')}`;
}

/** The folder below the output directory that is applied as a whole: '' for the output itself. */
export function unitOf(path: string): string {
  const [first, second, ...rest] = path.split('/');
  return (first === 'waves' || first === 'namespaces') && rest.length > 0 ? `${first}/${second}` : '';
}

const syncWave = 'argocd.argoproj.io/sync-wave';

/**
 * Kinds in the order in which they have to be there: what a route refers to and what protects it before the route, so that no
 * request meets a route without them (Istio, Avoiding 503s: destinations first). Argo CD applies one step after the other.
 */
const steps: readonly (readonly string[])[] = [
  ['Certificate', 'ServiceEntry', 'DestinationRule', 'AuthorizationPolicy', 'EnvoyFilter', 'Telemetry'],
  ['Gateway'],
  ['VirtualService'],
];

/** The object with the annotation by which Argo CD orders it: its wave, and its kind within it. */
export function withSyncWave(layout: Layout, emitted: Emitted): Emitted {
  if (layout.gitops !== 'argo-cd' || emitted.file.startsWith(extrasFolder)) return emitted;
  const { object } = emitted;
  const waves = layout.kind === 'wave' ? (layout.wavesOf?.(emitted) ?? []) : [];
  const wave = Math.min(...waves.map((number) => number ?? lastWave), waves.length === 0 ? 0 : lastWave);
  const step = Math.max(
    0,
    steps.findIndex((kinds) => kinds.includes(object.kind)),
  );
  return {
    ...emitted,
    object: {
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, [syncWave]: String(wave * 10 + step) },
      },
    },
  };
}

/** Where hosts that no plan has are applied: after all waves. */
const lastWave = 100_000;
