import { stringify } from 'yaml';
import { type Platform, programName } from './platforms.ts';

/** An archive of the release. */
export interface Archive {
  readonly platform: Platform;
  readonly name: string;
  readonly sha256: string;
}

/** The manifest by which krew installs the release as `kubectl ingress2istio`. */
export function krewManifest(
  version: string,
  homepage: string | undefined,
  url: string,
  archives: readonly Archive[],
): string {
  const manifest = {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'ingress2istio' },
    spec: {
      version: `v${version}`,
      ...(homepage === undefined ? {} : { homepage }),
      shortDescription: 'Convert ingress-nginx Ingresses to Istio',
      description: [
        'Converts Ingresses with ingress-nginx annotations to Istio objects and reports',
        'precisely what it could not convert. Reviews what needs a decision in the',
        'terminal, shows what would change, and compares both gateways afterwards.',
        'It reads the cluster through kubectl and changes nothing in it.',
        '',
      ].join('\n'),
      platforms: archives.map(({ platform, name, sha256 }) => ({
        selector: { matchLabels: { os: platform.system, arch: platform.arch } },
        uri: `${url.replace(/\/$/, '')}/${name}`,
        sha256,
        bin: programName(platform),
      })),
    },
  };
  return stringify(manifest, { lineWidth: 0 });
}
