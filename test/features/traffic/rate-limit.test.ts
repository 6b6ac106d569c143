import { describe, expect, test } from 'vitest';
import { questionsOf } from '../../../src/conversion/questions.ts';
import { defaultOptions } from '../../../src/domain/options.ts';
import { codesOf, convertYaml, filters, input, patchesOf, routesOf, statusOf } from '../convert.ts';

const current = { ...filters, istioVersion: '1.30' };
const limited = (annotations: Record<string, string>, config: Record<string, string> = {}) =>
  input([{ annotations, paths: ['/a', '/b'] }], config);

function filterOf(conversion: ReturnType<typeof convertYaml>) {
  const [patch] = patchesOf(conversion, 'ingress-rate-limit') as {
    patch: { value: { typed_config: Record<string, unknown> } };
  }[];
  return patch?.patch.value.typed_config;
}

describe('the bucket of a client', () => {
  test.each<[Record<string, string>, object[]]>([
    [{ 'limit-rps': '1' }, [{ max_tokens: 6, tokens_per_fill: 1, fill_interval: '1s' }]],
    [{ 'limit-rps': '3' }, [{ max_tokens: 16, tokens_per_fill: 1, fill_interval: '0.333333333s' }]],
    [{ 'limit-rps': '100' }, [{ max_tokens: 501, tokens_per_fill: 5, fill_interval: '0.05s' }]],
    [{ 'limit-rpm': '2' }, [{ max_tokens: 11, tokens_per_fill: 1, fill_interval: '30s' }]],
    [
      { 'limit-rps': '2', 'limit-rpm': '60', 'limit-burst-multiplier': '1' },
      [
        { max_tokens: 3, tokens_per_fill: 1, fill_interval: '0.5s' },
        { max_tokens: 61, tokens_per_fill: 1, fill_interval: '1s' },
      ],
    ],
  ])('%j', (annotations, buckets) => {
    const filter = filterOf(convertYaml(limited(annotations), current));
    const descriptors = filter?.descriptors as { token_bucket: object }[];
    expect(descriptors.map(({ token_bucket }) => token_bucket)).toEqual(buckets);
  });

  test('is shared by all paths of the Ingress, and by no other Ingress', () => {
    const conversion = convertYaml(
      input([
        { annotations: { 'limit-rps': '1' }, paths: ['/a', '/b'] },
        { name: 'other', host: 'b.example.com', annotations: { 'limit-rps': '1' } },
        { name: 'free', host: 'c.example.com' },
      ]),
      current,
    );
    const names = patchesOf(conversion, '-com-rate-limit').map(
      (patch) =>
        (patch as { patch: { value: { route: { rate_limits: { actions: object[] }[] } } } }).patch.value.route
          .rate_limits[0]?.actions[0],
    );
    const named = (name: string) => ({
      generic_key: { descriptor_key: 'limit-rps', descriptor_value: name },
    });
    expect(names).toEqual([named('demo/web'), named('demo/web'), named('demo/other')]);
  });

  test('allow-listed addresses are not counted', () => {
    const conversion = convertYaml(
      limited({ 'limit-rps': '1', 'limit-whitelist': '10.0.0.0/8, 2001:db8::1' }),
      current,
    );
    expect(patchesOf(conversion, '-com-rate-limit')[0]).toMatchObject({
      patch: {
        value: {
          route: {
            rate_limits: [
              {
                actions: [
                  {
                    remote_address_match: {
                      descriptor_key: 'limit-rps',
                      descriptor_value: 'demo/web',
                      address_matcher: { invert_match: true },
                    },
                  },
                  { remote_address: {} },
                ],
              },
            ],
          },
        },
      },
    });
    expect(statusOf(conversion, 'limit-whitelist')).toBe('converted');
  });
});

describe('the ConfigMap', () => {
  test.each([
    ['429', 429],
    ['430', 503],
  ])('limit-req-status-code %s', (text, code) => {
    const yaml = limited({ 'limit-rps': '1' }, { 'limit-req-status-code': text });
    expect(filterOf(convertYaml(yaml, current))?.status).toEqual({ code });
  });

  test.each<[string, object]>([
    ['$binary_remote_addr', { remote_address: {} }],
    ['$http_x_api_key', { request_headers: { header_name: 'x-api-key', descriptor_key: 'remote_address' } }],
  ])('limit-conn-zone-variable %s', (variable, action) => {
    const yaml = limited({ 'limit-rps': '1' }, { 'limit-conn-zone-variable': variable });
    expect(JSON.stringify(patchesOf(convertYaml(yaml, current), '-com-rate-limit'))).toContain(
      JSON.stringify(action),
    );
  });

  test('another variable is told', () => {
    const yaml = limited({ 'limit-rps': '1' }, { 'limit-conn-zone-variable': '$server_name' });
    const conversion = convertYaml(yaml, current);
    expect(codesOf(conversion)).toContain('rate-limit/other-key');
    expect(statusOf(conversion, 'limit-rps')).toBe('impossible');
    expect(filterOf(conversion)).toBeUndefined();
  });
});

describe('what becomes of the annotations', () => {
  test.each<[Record<string, string>, typeof filters, Record<string, string>, string | undefined]>([
    [{ 'limit-rps': '5' }, defaultOptions, { 'limit-rps': 'opt-in' }, 'rate-limit/not-carried'],
    [
      { 'limit-rps': '5', 'limit-allowlist': '10.0.0.0/8' },
      { ...filters, istioVersion: '1.29' },
      { 'limit-rps': 'opt-in', 'limit-allowlist': 'opt-in' },
      'rate-limit/needs-newer-istio',
    ],
    [
      { 'limit-rps': '5', 'limit-rpm': '0' },
      current,
      { 'limit-rps': 'converted', 'limit-rpm': 'no-effect-today' },
      undefined,
    ],
    [
      { 'limit-rps': '5', 'limit-rpm': '9' },
      current,
      { 'limit-rpm': 'converted' },
      'rate-limit/counted-apart',
    ],
    [{ 'limit-rps': '0' }, current, { 'limit-rps': 'no-effect-today' }, undefined],
    [
      { 'limit-connections': '3', 'limit-allowlist': '10.0.0.0/8' },
      current,
      { 'limit-connections': 'impossible', 'limit-allowlist': 'impossible' },
      'rate-limit/connections',
    ],
    [{ 'limit-allowlist': '10.0.0.0/8' }, current, { 'limit-allowlist': 'no-effect-today' }, undefined],
    [
      { 'limit-rate': '100', 'limit-rate-after': '10' },
      current,
      { 'limit-rate': 'impossible', 'limit-rate-after': 'impossible' },
      'rate-limit/bandwidth',
    ],
  ])('%j', (annotations, options, statuses, code) => {
    const conversion = convertYaml(limited(annotations), options);
    for (const [name, status] of Object.entries(statuses)) expect(statusOf(conversion, name)).toBe(status);
    expect(codesOf(conversion).filter((one) => one.startsWith('rate-limit/'))).toEqual(
      code === undefined ? [] : [code],
    );
  });

  test('a limit is no protection: nothing is closed', () => {
    const routes = routesOf(convertYaml(limited({ 'limit-rps': '1' })));
    expect(routes.every(({ directResponse }) => directResponse === undefined)).toBe(true);
  });

  test.each<[Record<string, string>, string]>([
    [
      {
        'limit-rps': '1',
        'limit-rpm': '30',
        'limit-burst-multiplier': '2',
        'limit-allowlist': '192.0.2.0/24',
      },
      'rate-limit/not-carried',
    ],
    [{ 'limit-connections': '3', 'limit-allowlist': '192.0.2.0/24' }, 'rate-limit/connections'],
    [{ 'limit-rate': '64', 'limit-rate-after': '128' }, 'rate-limit/bandwidth'],
  ])('%j is one question', (annotations, code) => {
    const conversion = convertYaml(limited(annotations));
    const asked = questionsOf(conversion, [...conversion.findings]).filter(({ name }) =>
      name.includes('limit'),
    );
    expect(asked.map(({ name, outcomes }) => [name, outcomes.length])).toEqual([
      [code, Object.keys(annotations).length],
    ]);
    expect(codesOf(conversion).filter((one) => one === code)).toHaveLength(1);
  });
});
