import { type Finding, finding, findingType } from '../domain/findings.ts';
import { defaultOptions, type GivenOptions, type Options } from '../domain/options.ts';
import { originOf } from '../domain/origin.ts';
import { isSince } from '../domain/release.ts';
import type { Cluster, MeshWorkload } from '../read/cluster.ts';

/** The oldest release of Istio that gets fixes today; its definitions are the oldest that are held (scripts/istio-crds.ts). */
const oldestSupported = defaultOptions.istioVersion;

const used = findingType<{ release: string; shown: string; role: string; others: readonly string[] }>({
  code: 'mesh/release',
  severity: 'note',
  fields: [],
  summary: 'The release of Istio that the output was written for, and how it is known.',
  message: ({ release, shown, role, others }) => {
    const also = others.length === 0 ? '' : ` The input has ${others.join(', ')}, too.`;
    return `The output is written for Istio ${release} (its ${role}: ${shown}).${also}`;
  },
  remedy: () => 'Say --istio-version where the output goes to another mesh.',
});

const unsupported = findingType<{ release: string }>({
  code: 'mesh/release-unsupported',
  severity: 'warning',
  fields: [],
  summary: 'The release of Istio is older than those that the output was tested with.',
  message: ({ release }) =>
    `Istio ${release} is no longer supported, and the output wasn't tested with it. Newer fields are reported one by one; other differences aren't.`,
  remedy: () =>
    `Upgrade Istio to ${oldestSupported} or newer before the move, or say --istio-version with the release that you move to.`,
});

export const meshReleaseFindingTypes = [used, unsupported];

/**
 * The options with the release of Istio: what is given, else the oldest that the input shows, else the oldest that is supported.
 * istiod tells before gateways do: it reads the configuration, and takes gateways one release older.
 */
export function withIstioVersion(
  given: GivenOptions,
  { meshWorkloads }: Cluster,
): { readonly options: Options; readonly findings: readonly Finding[] } {
  const { istioVersion } = given;
  if (istioVersion !== undefined)
    return { options: { ...given, istioVersion }, findings: supportOf(istioVersion, {}) };
  const shown = byRelease(meshWorkloads);
  const [oldest] = shown;
  if (oldest === undefined) return { options: { ...given, istioVersion: oldestSupported }, findings: [] };
  const { release, role } = oldest;
  const where = { origin: originOf(oldest.source, ...oldest.path) };
  const others = [...new Set(shown.map((one) => one.release))].filter((other) => other !== release);
  return {
    options: { ...given, istioVersion: release },
    findings: [
      finding(used, { release, role, shown: oldest.shown, others }, where),
      ...supportOf(release, where),
    ],
  };
}

function byRelease(workloads: readonly MeshWorkload[]): readonly MeshWorkload[] {
  const istiods = workloads.filter(({ role }) => role === 'istiod');
  const telling = istiods.length > 0 ? istiods : workloads;
  return [...telling].sort((a, b) => minorOf(a) - minorOf(b));
}

function minorOf({ release }: MeshWorkload): number {
  return Number(release.split('.')[1]);
}

function supportOf(release: string, where: Parameters<typeof finding>[2]): readonly Finding[] {
  return isSince(release, oldestSupported) ? [] : [finding(unsupported, { release }, where)];
}
