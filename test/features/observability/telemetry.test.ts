import { describe, expect, test } from 'vitest';
import {
  codesOf,
  convertYaml,
  filters,
  type IngressText,
  input,
  objectsOf,
  patchesOf,
  statusOf,
} from '../convert.ts';

const silent = { 'enable-access-log': 'false' };
const traced = { 'enable-opentelemetry': 'true' };

function specOf(conversion: ReturnType<typeof convertYaml>) {
  const [object] = objectsOf(conversion, 'Telemetry');
  return object?.spec as
    | { accessLogging?: { filter?: { expression: string }; disabled?: boolean }[]; tracing?: object[] }
    | undefined;
}

const expressionOf = (ingresses: readonly IngressText[], config: Record<string, string> = {}) =>
  specOf(convertYaml(input(ingresses, config)))?.accessLogging?.[0]?.filter?.expression;

describe('the access log', () => {
  test('is left to the mesh where nobody switches it off', () => {
    expect(objectsOf(convertYaml(input([{}])), 'Telemetry')).toEqual([]);
  });

  test('leaves out whole hosts and single routes, and keeps requests without a route', () => {
    expect(
      expressionOf([
        { annotations: silent },
        { name: 'part', host: 'b.example.com', paths: ['/x'], annotations: silent },
        { name: 'rest', host: 'b.example.com', paths: ['/'] },
      ]),
    ).toBe(
      '!has(xds.route_name) || !((xds.virtual_host_name in ["a.example.com:80", "a.example.com:443"]) || ' +
        '(xds.virtual_host_name in ["b.example.com:80", "b.example.com:443"] && xds.route_name in ["x"]))',
    );
  });

  test('the ConfigMap switches it off for paths or for all', () => {
    expect(expressionOf([{}], { 'skip-access-log-urls': '/healthz,/ping' })).toBe(
      '!has(xds.route_name) || !((request.path in ["/healthz", "/ping"]))',
    );
    const off = convertYaml(input([{}], { 'disable-access-log': 'true' }));
    expect(specOf(off)?.accessLogging).toEqual([{ disabled: true }]);
  });

  test('true needs nothing; false tells of the provider', () => {
    const on = convertYaml(input([{ annotations: { 'enable-access-log': 'true' } }]));
    expect(statusOf(on, 'enable-access-log')).toBe('not-needed');
    const off = convertYaml(input([{ annotations: silent }]));
    expect(statusOf(off, 'enable-access-log')).toBe('converted');
    expect(codesOf(off)).toContain('logging/provider');
  });

  test('what Envoy cannot parse is told, and stays in the log', () => {
    const hosts = Array.from({ length: 150 }, (_, index) => ({
      name: `web-${index}`,
      host: `${`${'h'.repeat(60)}.`.repeat(3)}h${index}.example.com`,
      paths: [`/${index}`, '/'],
      annotations: silent,
    }));
    const others = hosts.map(({ name, host }) => ({ name: `${name}-x`, host, paths: ['/x'] }));
    const conversion = convertYaml(input([...hosts, ...others]));
    expect(codesOf(conversion)).toContain('logging/too-many');
    expect(specOf(conversion)?.accessLogging?.[0]?.filter?.expression.length).toBeLessThan(100_000);
  });
});

describe('tracing', () => {
  test('is off where nobody asks for it', () => {
    const conversion = convertYaml(input([{ annotations: { 'enable-opentelemetry': 'false' } }]));
    expect(specOf(conversion)).toBeUndefined();
    expect(statusOf(conversion, 'enable-opentelemetry')).toBe('no-effect-today');
  });

  test.each<[Record<string, string>, number]>([
    [{}, 100],
    [{ 'otel-sampler': 'AlwaysOff' }, 0],
    [{ 'otel-sampler': 'TraceIdRatioBased', 'otel-sampler-ratio': '0.25' }, 25],
  ])('samples as %j says', (config, percentage) => {
    const conversion = convertYaml(input([{ annotations: traced }], config));
    expect(specOf(conversion)?.tracing).toEqual([{ randomSamplingPercentage: percentage }]);
    expect(codesOf(conversion)).toContain('opentelemetry/collector');
  });

  test('goes to the collector of the ConfigMap', () => {
    const conversion = convertYaml(
      input([{}], { 'enable-opentelemetry': 'true', 'otlp-collector-host': 'otel.tracing.svc' }),
    );
    expect(specOf(conversion)?.tracing).toMatchObject([{ providers: [{ name: 'ingress-opentelemetry' }] }]);
    expect(JSON.stringify(objectsOf(conversion, 'MeshConfig'))).toContain('otel.tracing.svc');
    expect(codesOf(conversion)).not.toContain('opentelemetry/collector');
  });

  test('locations without it are left out with EnvoyFilters, and told without', () => {
    const yaml = input([
      { annotations: traced },
      { name: 'off', host: 'b.example.com', annotations: { 'enable-opentelemetry': 'false' } },
    ]);
    expect(codesOf(convertYaml(yaml))).toContain('opentelemetry/whole-gateway');
    const conversion = convertYaml(yaml, filters);
    expect(codesOf(conversion)).not.toContain('opentelemetry/whole-gateway');
    expect(JSON.stringify(patchesOf(conversion, 'b-example-com-opentelemetry'))).toContain(
      'overall_sampling',
    );
  });

  test('the name of a span and a distrusted trace', () => {
    const annotations = {
      ...traced,
      'opentelemetry-operation-name': 'checkout',
      'opentelemetry-trust-incoming-span': 'false',
    };
    const conversion = convertYaml(input([{ annotations }]), filters);
    expect(JSON.stringify(patchesOf(conversion, '-com-opentelemetry'))).toContain('"operation":"checkout"');
    expect(statusOf(conversion, 'opentelemetry-trust-incoming-span')).toBe('impossible');
    expect(codesOf(conversion)).toContain('opentelemetry/incoming-spans');
    expect(statusOf(convertYaml(input([{ annotations }])), 'opentelemetry-operation-name')).toBe('opt-in');
  });
});
