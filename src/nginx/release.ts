import { type Origin, originOf } from '../domain/origin.ts';
import { isSince, releaseIn } from '../domain/release.ts';
import type { Cluster, ClusterObject, ControllerWorkload } from '../read/cluster.ts';

/** Which ingress-nginx it is, and how that is known; `assumed` where nothing tells, and the newest is taken. */
export interface Release {
  /** As in `1.9.6`. */
  readonly version: string;
  readonly known: 'option' | 'image' | 'label' | 'assumed';
  readonly origin: Origin | undefined;
}

/** The release whose rules the model has. */
const newest = '1.15.1';

/** The fork that counts by date behaves as the newest release (nginx/VERSIONS). */
const byDate = /\/(?:forkline|chainguard)\/.*:v?20\d\d\./;

/** Charts up to 4.9 have a number of their own; from 4.10 on chart 4.N.p is controller 1.N.p (nginx/VERSIONS). */
const charts: Readonly<Record<string, string>> = {
  '4.2.5': '1.3.1',
  '4.5.2': '1.6.4',
  '4.7.1': '1.8.1',
  '4.8.3': '1.9.4',
  '4.9.1': '1.9.6',
};

/** The release of a controller: what the user says, else its image, else labels of its workload, else of any object of its chart. */
export function releaseOf(
  cluster: Cluster,
  workload: ControllerWorkload | undefined,
  said: string | undefined,
): Release {
  if (said !== undefined) return { version: said, known: 'option', origin: undefined };
  const { image } = workload ?? {};
  if (workload !== undefined && image !== undefined) {
    const version = byDate.test(image.text) ? newest : releaseIn(image.text.replace(/@.*$/, ''));
    if (version !== undefined)
      return { version, known: 'image', origin: originOf(workload.source, ...image.path) };
  }
  const labelled: ClusterObject[] = [
    ...(workload === undefined ? [] : [workload]),
    ...cluster.ingressClasses,
    ...cluster.configMaps,
    ...cluster.services,
  ];
  for (const object of labelled) {
    const version = labelledRelease(object);
    if (version !== undefined)
      return { version, known: 'label', origin: originOf(object.source, 'metadata', 'labels') };
  }
  return { version: newest, known: 'assumed', origin: undefined };
}

/** Labels of the chart stand on each of its objects. */
function labelledRelease({ labels }: ClusterObject): string | undefined {
  const chart = /^(?:rke2-)?ingress-nginx-(\d+\.\d+\.\d+)/.exec(labels.get('helm.sh/chart') ?? '')?.[1];
  if (chart === undefined) return undefined;
  const version = releaseIn(labels.get('app.kubernetes.io/version') ?? '');
  if (version !== undefined) return version;
  return charts[chart] ?? (isSince(chart, '4.10.0') ? chart.replace(/^4\./, '1.') : undefined);
}
