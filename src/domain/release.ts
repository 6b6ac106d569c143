/** Compares releases as in `1.9.6`: whether one has a change that came with the others, each on its own branch or on the newest of them. */
export function isSince(release: string, ...brought: readonly string[]): boolean {
  const own = numbers(release);
  const [newest] = brought.map(numbers).sort(compare).slice(-1);
  return (
    (newest !== undefined && compare(own, newest) >= 0) ||
    brought.map(numbers).some((one) => sameBranch(own, one) && compare(own, one) >= 0)
  );
}

/** `1.9.6` of a text such as `v1.9.6-hardened2` or `nginx-1.9.6`; undefined where there is none. */
export function releaseIn(text: string): string | undefined {
  return /(?:^|[^\d.])v?(\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(text)?.[1];
}

function numbers(release: string): number[] {
  return release.split('.').map(Number);
}

function sameBranch(a: readonly number[], b: readonly number[]): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((number, index) => number !== b[index]);
  return at < 0 ? 0 : a[at]! - (b[at] ?? 0);
}
