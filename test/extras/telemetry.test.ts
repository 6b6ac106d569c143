import { describe, expect, it } from 'vitest';
import { converted, extrasOf, ingress, service, settings, told } from './converted.ts';

const base = [ingress('a', 'web'), service('web')];
const flags = { with: 'telemetry' };

function existing(spec: string): string {
  return `apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: { name: own, namespace: istio-system }\nspec: ${spec}`;
}

describe('telemetry of the gateway', () => {
  it.each([
    ['as Istio does', {}, 1],
    ['as nginx did', { 'otel-sampler-ratio': '0.25' }, 25],
    ['none', { 'otel-sampler-ratio': '0' }, 0],
    ['as Istio does where nginx has no number', { 'otel-sampler-ratio': 'often' }, 1],
  ])('samples %s', (_, config, percent) => {
    const conversion = converted([...base, settings(config as Record<string, string>)], flags);
    expect(extrasOf(conversion, 'Telemetry')).toEqual({
      'istio-system/gateway-telemetry': {
        selector: { matchLabels: { istio: 'ingressgateway' } },
        accessLogging: [{ providers: [{ name: 'envoy' }] }],
        tracing: [{ randomSamplingPercentage: percent }],
      },
    });
  });

  const there = 'extras/telemetry-exists: The Telemetry istio-system/';
  const used =
    " is for the gateway's pods, and Istio uses one for a pod, so no other is written. It doesn't set ";
  it.each([
    ['one of the conversion', settings({ 'disable-access-log': 'true' }), `${there}ingress${used}tracing.`],
    [
      'one of the input',
      existing('{ selector: { matchLabels: { istio: ingressgateway } }, tracing: [{}] }'),
      `${there}own${used}access logs.`,
    ],
    [
      'one that has everything',
      existing(
        '{ selector: { matchLabels: { istio: ingressgateway } }, tracing: [{}], accessLogging: [{}] }',
      ),
      undefined,
    ],
  ])('is left to %s', (_, more, expected) => {
    const conversion = converted([...base, more], flags);
    expect(conversion.extras).toEqual([]);
    expect(told(conversion)).toEqual(expected === undefined ? [] : [expected]);
  });

  it.each([
    ['the namespace', existing('{ tracing: [{}] }')],
    ['other pods', existing('{ selector: { matchLabels: { istio: egressgateway } } }')],
    ['metrics only', existing('{ selector: { matchLabels: { istio: ingressgateway } }, metrics: [{}] }')],
  ])('stands beside one for %s', (_, more) => {
    expect(converted([...base, more], flags).extras).toHaveLength(1);
  });
});
