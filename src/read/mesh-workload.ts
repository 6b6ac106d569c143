import type { ClusterObject, MeshWorkload } from './cluster.ts';
import type { Mapping } from './fields.ts';
import { containersOf, identityOf } from './pod.ts';

const ISTIOD_IMAGE = /(?:^|\/)pilot(?=[:@])/;
const PROXY_IMAGE = /(?:^|\/)proxyv2(?=[:@])/;
const RELEASE = /^v?(1\.\d{1,3})(?:\.|-|$)/;

/**
 * A workload that shows which Istio runs: istiod by its image, a gateway by a proxy that is its only container; undefined for any
 * other, and for an application with a sidecar, which may be older than the mesh. Where the tag of the image does not tell (a digest,
 * `image: auto`), the labels of Istio's charts do.
 */
export function readMeshWorkload(object: ClusterObject, body: Mapping): MeshWorkload | undefined {
  const { containers, path } = containersOf(object, body);
  const images = containers.map(({ image }) => String(image));
  const index = images.findIndex((image) => ISTIOD_IMAGE.test(image));
  const isGateway = images.length === 1 && (PROXY_IMAGE.test(images[0]!) || images[0] === 'auto');
  if (index < 0 && !isGateway) return undefined;

  const identity = identityOf(object, body);
  const own = Math.max(index, 0);
  const image = images[own]!;
  const role = index < 0 ? 'gateway' : 'istiod';
  const [, tag = ''] = /:([^:/@]+)(?:@|$)/.exec(image) ?? [];
  const ofImage = RELEASE.exec(tag)?.[1];
  if (ofImage !== undefined)
    return {
      ...object,
      ...identity,
      role,
      release: ofImage,
      shown: image,
      path: [...path, own, 'image'],
    };
  const version = object.labels.get('app.kubernetes.io/version') ?? '';
  const chart = object.labels.get('helm.sh/chart') ?? '';
  const [, charted = ''] = /^(?:istiod|gateway|istio-(?:discovery|ingress))-(.+)$/.exec(chart) ?? [];
  const ofLabels = charted === '' ? undefined : (RELEASE.exec(version) ?? RELEASE.exec(charted))?.[1];
  return ofLabels === undefined
    ? undefined
    : { ...object, ...identity, role, release: ofLabels, shown: chart, path: ['metadata', 'labels'] };
}
