import { type Finding, finding, findingType } from '../domain/findings.ts';
import { type Origin, originOf } from '../domain/origin.ts';
import { isSince, releaseIn } from '../domain/release.ts';
import type { Cluster, ClusterObject, ControllerWorkload } from '../read/cluster.ts';
import digests from './image-digests.json' with { type: 'json' };

/** Which ingress-nginx it is, and how that is known; `assumed` where nothing tells, and the newest is taken. */
export interface Release {
  /** As in `1.9.6`. */
  readonly version: string;
  readonly known: 'option' | 'image' | 'digest' | 'label' | 'assumed';
  /** What shows it, as written; '' where nothing does. */
  readonly shown: string;
  readonly origin: Origin | undefined;
}

/** The newest release whose rules are known, and the oldest. */
const newest = '1.15.1';
export const oldest = '0.41.0';

const how: Readonly<Record<Release['known'], string>> = {
  option: 'said with --controller-version',
  image: 'its image',
  digest: 'the digest of its image',
  label: 'a label',
  assumed: 'assumed',
};

const used = findingType<{ release: Release }>({
  code: 'controller/release',
  severity: 'note',
  fields: [],
  summary: 'The release of ingress-nginx whose rules were used, and how it is known.',
  message: ({ release: { version, known, shown } }) =>
    `The rules of ingress-nginx ${version} were used (${how[known]}${shown === '' ? '' : `: ${shown}`}).`,
  remedy: () => 'Say --controller-version where another release runs.',
});

const unknown = findingType<object>({
  code: 'controller/release-unknown',
  severity: 'warning',
  fields: [],
  summary: 'Nothing in the input shows the release of ingress-nginx.',
  message: () =>
    `Nothing in the input shows which release of ingress-nginx runs, so the rules of ${newest} were used. Before 1.12 snippets, values of annotations and Secrets of other namespaces were allowed that it refuses.`,
  remedy: () =>
    'Say which one runs with --controller-version, as in --controller-version 1.11.5, or add its Deployment or DaemonSet to the input.',
});

export const unsupported = findingType<{ version: string }>({
  code: 'controller/release-unsupported',
  severity: 'error',
  fields: [],
  summary: 'The release of ingress-nginx is older than the rules that are known, so nothing is converted.',
  message: ({ version }) =>
    `ingress-nginx ${version} is older than ${oldest}, the first release whose rules are known. Its Ingresses aren't converted.`,
  remedy: ({ version }) =>
    `To convert them by the rules of ${oldest} anyway, set --controller-version ${version}, and check the result on your traffic.`,
});

const forced = findingType<{ version: string }>({
  code: 'controller/release-forced',
  severity: 'warning',
  fields: [],
  summary: 'The release of ingress-nginx is older than the rules that were used.',
  message: ({ version }) =>
    `The output follows the rules of ingress-nginx ${oldest}, because ${version} was set with --controller-version. It wasn't shown to be right for ${version}.`,
  remedy: () => 'Check the output on your own traffic (ingress2istio verify) before the cut-over.',
});

export const releaseFindingTypes = [used, unknown, unsupported, forced];

/** The fork that counts by date behaves as the newest release (nginx/VERSIONS). */
const byDate = /\/forkline\/.*:v?20\d\d\./;

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
  if (said !== undefined) return { version: said, known: 'option', shown: '', origin: undefined };
  const shown = workload === undefined ? undefined : (ofImage(workload) ?? ofLabels(workload));
  if (shown !== undefined) return shown;
  const others: readonly ClusterObject[] = [
    ...cluster.ingressClasses,
    ...cluster.configMaps,
    ...cluster.services,
  ];
  for (const object of others) {
    const release = ofLabels(object);
    if (release !== undefined) return release;
  }
  return { version: newest, known: 'assumed', shown: '', origin: undefined };
}

/** What is reported of the release, once a controller. */
export function releaseFinding(release: Release): Finding {
  const { version, known, origin } = release;
  const where = origin === undefined ? {} : { origin };
  if (known === 'assumed') return finding(unknown, {});
  if (isSince(version, oldest)) return finding(used, { release }, where);
  return finding(known === 'option' ? forced : unsupported, { version }, where);
}

function ofImage({ image, source }: ControllerWorkload): Release | undefined {
  if (image === undefined) return undefined;
  const origin = originOf(source, ...image.path);
  const [name = '', digest] = image.text.split('@sha256:');
  const version = byDate.test(name) ? newest : releaseIn(name.slice(name.lastIndexOf('/') + 1));
  if (version !== undefined) return { version, known: 'image', shown: name, origin };
  const listed = (digests as Readonly<Record<string, string>>)[digest?.slice(0, 16) ?? ''];
  return listed === undefined ? undefined : { version: listed, known: 'digest', shown: image.text, origin };
}

/** Labels of the chart stand on each of its objects. */
function ofLabels({ labels, source }: ClusterObject): Release | undefined {
  const chart = labels.get('helm.sh/chart') ?? '';
  const [, number] = /^(?:rke2-)?ingress-nginx-(\d+\.\d+\.\d+)/.exec(chart) ?? [];
  const written = labels.get('app.kubernetes.io/version') ?? '';
  const isOurs = number !== undefined || labels.get('app.kubernetes.io/name') === 'ingress-nginx';
  if (!isOurs) return undefined;
  const version = releaseIn(written) ?? ofChart(number);
  return version === undefined
    ? undefined
    : {
        version,
        known: 'label',
        shown: number === undefined ? written : chart,
        origin: originOf(source, 'metadata', 'labels'),
      };
}

function ofChart(number: string | undefined): string | undefined {
  if (number === undefined) return undefined;
  return charts[number] ?? (isSince(number, '4.10.0') ? number.replace(/^4\./, '1.') : undefined);
}
