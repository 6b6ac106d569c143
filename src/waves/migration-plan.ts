/** Hosts that move together, '' being the catch-all, sorted. */
export interface Wave {
  /** From 1 on; 0 is for hosts that were on Istio before there was a plan. */
  readonly number: number;
  readonly hosts: readonly string[];
}

/** Which host moves when: every host is in exactly one wave, and the waves come in their order. */
export interface MigrationPlan {
  readonly waves: readonly Wave[];
}

/** The waves of placed hosts, in their order. */
export function wavesOf(placed: Iterable<readonly [host: string, wave: number]>): Wave[] {
  const waves = new Map<number, string[]>();
  for (const [host, number] of placed) {
    const hosts = waves.get(number);
    if (hosts === undefined) waves.set(number, [host]);
    else hosts.push(host);
  }
  return [...waves].sort(([a], [b]) => a - b).map(([number, hosts]) => ({ number, hosts: hosts.sort() }));
}

/** The catch-all as people write it, in the plan file and on the command line: nginx's name for it, which no host can have. */
const catchAllName = '_';

/** A host as people write it. */
export function writtenHost(host: string): string {
  return host === '' ? catchAllName : host;
}

/** The host that a written one stands for. */
export function hostWritten(text: string): string {
  return text === catchAllName ? '' : text.toLowerCase();
}

/** Part of the names of a wave's files: of one width up to wave 999, so that files sort as waves do. */
export function waveFileName(wave: number): string {
  return `wave-${String(wave).padStart(3, '0')}`;
}
