type Counts = Readonly<Record<string, number>>;

/**
 * Whether two series of answers have the same shares. Both are samples, so what differs by less than 3.5 standard
 * deviations is the same; but where one series knows a single answer, so must the other, unless that is chance.
 */
export function sameShares(one: Counts, other: Counts): boolean {
  const [n, m] = [total(one), total(other)];
  if (n === 0 || m === 0) return n === m;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) => {
    const p = (one[key] ?? 0) / n;
    const q = (other[key] ?? 0) / m;
    if (unlikelyUnanimous(p, q, n) || unlikelyUnanimous(q, p, m)) return false;
    const pooled = (p * n + q * m) / (n + m);
    const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
    return Math.abs(p - q) <= 3.5 * deviation;
  });
}

/** Whether a share of all, or of nothing, in `count` draws would come about in less than one case of a hundred if it truly were `truth`. */
function unlikelyUnanimous(share: number, truth: number, count: number): boolean {
  if (share === 1) return truth ** count < 0.01;
  return share === 0 && (1 - truth) ** count < 0.01;
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Whether all answers were the same. */
export function unanimous(counts: Counts | undefined): boolean {
  return counts === undefined || Object.keys(counts).length <= 1;
}

/** Counts as a stable text, as in `demo/a:80 12, demo/b:80 8`. */
export function describeCounts(counts: Counts): string {
  return Object.keys(counts)
    .sort()
    .map((key) => `${key} ${counts[key]}`)
    .join(', ');
}
