import { findingType } from '../../domain/findings.ts';
import type { ModelIngress } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';
import type { Effect } from '../../plan/effect.ts';
import { claimAll, findingOf, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const wholeGateway = findingType<object>({
  code: 'opentelemetry/whole-gateway',
  severity: 'note',
  fields: ['request-header:traceparent', 'request-header:tracestate'],
  summary: 'Traces begin for all requests of the gateway, not for some locations.',
  message: () =>
    'ingress-nginx traces only the locations that enable it. Telemetry applies to the whole gateway, so requests to all its locations are traced.',
  remedy: () => 'Allow EnvoyFilters (--envoy-filters allow) to leave the other locations out.',
});

const collector = findingType<object>({
  code: 'opentelemetry/collector',
  severity: 'warning',
  fields: ['request-header:traceparent', 'request-header:tracestate'],
  summary: 'Traces need a provider in the mesh configuration.',
  message: () =>
    'nginx sends its spans to the collector of the ConfigMap (otlp-collector-host), which the input does not name; the gateway sends them to the default tracing provider of the mesh, if there is one.',
  remedy: () =>
    'Name the collector in meshConfig.extensionProviders (opentelemetry) and in defaultProviders.tracing.',
  url: 'https://istio.io/latest/docs/tasks/observability/distributed-tracing/opentelemetry/',
});

const trust = findingType<object>({
  code: 'opentelemetry/incoming-spans',
  severity: 'warning',
  fields: ['request-header:traceparent', 'request-header:tracestate'],
  summary: "A client's trace is continued.",
  message: () =>
    'nginx begins a trace of its own here, whatever the client sends; Envoy continues a trace that comes in.',
  remedy: () =>
    'Remove the headers traceparent and tracestate in front of the gateway if clients are not trusted.',
});

/**
 * enable-opentelemetry and opentelemetry-* (ingress-nginx 1.15.1, annotations/opentelemetry/main.go, template/template.go
 * buildOpentelemetryForLocation). Sampling and collector are Telemetry's and the mesh's; the name of a span and locations
 * without one need EnvoyFilters.
 */
export const opentelemetry: Feature = {
  name: 'opentelemetry',
  findings: [wholeGateway, collector, trust],
  location(location, context) {
    const { owner } = location;
    const { settings, options } = context;
    if (!tracedAnywhere(context)) return idle(owner, names, 'Tracing is off.');
    const parity = options.envoyFilters === 'allow';
    if (!isTraced(owner, settings)) {
      return {
        effects: parity ? [untraced] : [],
        claims: [
          ...claimAll(owner, ['enable-opentelemetry'], parity ? 'converted' : 'opt-in', {
            reason: parity ? '' : 'Only an EnvoyFilter leaves a location out.',
          }),
          ...claimAll(owner, names.slice(1), 'no-effect-today', { reason: 'Tracing is off here.' }),
        ],
        findings: parity ? [] : [findingOf(wholeGateway, {}, owner, 'enable-opentelemetry')],
      };
    }
    const operation = owner.annotations.get('opentelemetry-operation-name')?.value;
    const trusted = trusts(owner, settings);
    return {
      effects: [
        tracingOf(settings),
        ...mesh(context),
        ...(parity && operation ? [named(String(operation))] : []),
      ],
      claims: [
        ...claimAll(owner, ['enable-opentelemetry'], 'converted', { fidelity: 'approximate' }),
        ...claimAll(owner, ['opentelemetry-operation-name'], parity ? 'converted' : 'opt-in', {
          reason: parity ? '' : 'Only an EnvoyFilter changes the name of a span.',
        }),
        ...claimAll(owner, ['opentelemetry-trust-incoming-span'], trusted ? 'converted' : 'impossible', {
          reason: trusted ? '' : 'Envoy always continues a trace that comes in.',
        }),
      ],
      findings: [
        ...(settings.global('otlp-collector-host') === undefined
          ? [findingOf(collector, {}, owner, 'enable-opentelemetry')]
          : []),
        ...(trusted ? [] : [findingOf(trust, {}, owner, 'opentelemetry-trust-incoming-span')]),
      ],
    };
  },
};

const names = ['enable-opentelemetry', 'opentelemetry-operation-name', 'opentelemetry-trust-incoming-span'];

function isTraced(owner: ModelIngress, settings: Settings): boolean {
  const own = owner.annotations.get('enable-opentelemetry')?.value;
  return settings.global('enable-opentelemetry')?.trim() === 'true' ? own !== false : own === true;
}

function trusts(owner: ModelIngress, settings: Settings): boolean {
  const own = owner.annotations.get('opentelemetry-trust-incoming-span')?.value;
  return typeof own === 'boolean'
    ? own
    : settings.global('opentelemetry-trust-incoming-span')?.trim() !== 'false';
}

function tracedAnywhere(context: Context): boolean {
  const known = traced.get(context);
  if (known !== undefined) return known;
  const { model, settings } = context;
  const found = model.ingresses.some(
    (ingress) => ingress.state.kind === 'served' && !ingress.canary && isTraced(ingress, settings),
  );
  traced.set(context, found);
  return found;
}

/** Asked for by each location. */
const traced = new WeakMap<Context, boolean>();

const providerName = 'ingress-opentelemetry';

/** The sampler of the ConfigMap; every trace where it says nothing. */
function tracingOf(settings: Settings): Effect {
  const sampler = settings.global('otel-sampler')?.trim() ?? String(settings.usual('otel-sampler'));
  const ratio = Number(settings.global('otel-sampler-ratio') ?? 0.01);
  const percentage =
    sampler === 'AlwaysOff'
      ? 0
      : sampler === 'TraceIdRatioBased'
        ? Math.min(Math.max(ratio * 100, 0), 100)
        : 100;
  const named = settings.global('otlp-collector-host') !== undefined;
  return {
    kind: 'telemetry',
    tracing: {
      ...(named && { providers: [{ name: providerName }] }),
      randomSamplingPercentage: Number.isFinite(percentage) ? percentage : 1,
    },
  };
}

function mesh({ settings, model }: Context): Effect[] {
  const service = settings.global('otlp-collector-host')?.trim();
  if (service === undefined) return [];
  const port = Number(settings.global('otlp-collector-port') ?? 4317);
  const origin = model.controller.configOrigin;
  return [
    {
      kind: 'mesh',
      fragment: {
        enableTracing: true,
        extensionProviders: [{ name: providerName, opentelemetry: { service, port } }],
      },
      origins: origin === undefined ? [] : [origin],
    },
  ];
}

const never = { numerator: 0 };
const untraced: Effect = {
  kind: 'route-filter',
  purpose: 'opentelemetry',
  on: 'forwarded',
  wide: true,
  value: { tracing: { client_sampling: never, random_sampling: never, overall_sampling: never } },
};

function named(operation: string): Effect {
  return {
    kind: 'route-filter',
    purpose: 'opentelemetry',
    on: 'forwarded',
    value: { decorator: { operation } },
  };
}
