/** What Istio adds to what nginx did, by the names of `--with`. */
export const extraNames = [
  'outlier-detection',
  'connection-pool',
  'gateway-only',
  'telemetry',
  'sidecar',
  'peer-authentication',
] as const;
export type Extra = (typeof extraNames)[number];
