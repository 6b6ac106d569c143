import {
  anyText,
  closed,
  exactlyOne,
  flag,
  kindSchema,
  list,
  map,
  oneOf,
  targetRefs,
  text,
  workloadSelector,
} from './shapes.ts';

const providers = list(closed({ name: text }, ['name']));
const match = closed({ mode: oneOf('CLIENT_AND_SERVER', 'CLIENT', 'SERVER') });
const named = closed({ name: text, defaultValue: anyText }, ['name']);
const customTag = closed(
  { literal: closed({ value: text }, ['value']), environment: named, header: named },
  [],
  exactlyOne('literal', 'environment', 'header'),
);

const tracing = closed({
  match,
  providers,
  randomSamplingPercentage: { type: 'number', minimum: 0, maximum: 100 },
  disableSpanReporting: flag,
  customTags: map(customTag),
  useRequestIdForTraceSampling: flag,
});

const accessLogging = closed({
  match,
  providers,
  disabled: flag,
  filter: closed({ expression: text }, ['expression']),
});

const metricOverride = closed({
  match: closed({ metric: text, customMetric: text, mode: oneOf('CLIENT_AND_SERVER', 'CLIENT', 'SERVER') }),
  disabled: flag,
  tagOverrides: map(closed({ operation: oneOf('UPSERT', 'REMOVE'), value: text })),
});

export const telemetry = kindSchema(
  'Telemetry',
  ['telemetry.istio.io/v1', 'telemetry.istio.io/v1alpha1'],
  closed(
    {
      selector: workloadSelector,
      targetRefs,
      tracing: list(tracing),
      accessLogging: list(accessLogging),
      metrics: list(closed({ providers, overrides: list(metricOverride) })),
    },
    [],
    {
      not: { required: ['selector', 'targetRefs'] },
      description: 'an object with at most one of selector, targetRefs',
    },
  ),
);
