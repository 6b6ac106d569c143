import {
  anyText,
  closed,
  dnsLabel,
  labels,
  list,
  map,
  matching,
  oneOf,
  type Schema,
  sharedDefinitions,
} from './shapes.ts';

/** Relative, and inside of the directory. */
const file = matching(
  '^(?!(?:.*/)?\\.\\.(?:/|$))[A-Za-z0-9_.][^\\\\\\x00-\\x1f]*$',
  'a file inside of the directory',
);

export const kustomization: Schema = closed(
  {
    apiVersion: oneOf('kustomize.config.k8s.io/v1beta1'),
    kind: oneOf('Kustomization'),
    metadata: closed({ name: dnsLabel, annotations: map(anyText) }),
    namespace: dnsLabel,
    resources: list(file, 0, { uniqueItems: true }),
    labels: list(closed({ pairs: labels, includeSelectors: { type: 'boolean' } }, ['pairs'])),
  },
  ['apiVersion', 'kind', 'resources'],
  { $defs: sharedDefinitions },
);
