import type { Decided } from './apply.ts';

/** What was decided of the shares of several controllers, as of the whole input; one that two of them serve counts once. */
export function joinDecided(shares: readonly Decided[]): Decided {
  const leftOut = new Map(
    shares.flatMap((share) => share.leftOut.map((one) => [placeOf(one.annotation.origin), one] as const)),
  );
  return {
    annotations: new Map(shares.flatMap((share) => [...share.annotations])),
    skipped: new Map(shares.flatMap((share) => [...share.skipped])),
    leftOut: [...leftOut.values()],
    any: shares.some((share) => share.any),
    optionsFor: (ingress, feature, base) =>
      shares.reduce((options, share) => share.optionsFor(ingress, feature, options), base),
  };
}

function placeOf({
  source,
  path,
}: {
  readonly source: object & { readonly ref: object };
  readonly path: readonly unknown[];
}): string {
  return JSON.stringify([source.ref, path]);
}
