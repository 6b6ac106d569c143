/** What docs/versions.md was measured with; written with it by `npm run conformance -- … --measured`. */
export const measuredWith = {
  nginx: ['1.5.1', '1.8.1', '1.9.6', '1.11.5', '1.13.9', '1.15.1'],
  istio: ['shortly before 1.30 (2026-04-23)', '1.32-alpha (2026-08-27)'],
  envoy: ['1.36.4', '1.37.0', '1.38.3', '1.40.0'],
};
