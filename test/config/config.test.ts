import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { choices } from '../../src/config/choices.ts';
import { withControllerConfig } from '../../src/config/controller-config.ts';
import { layerOfText } from '../../src/config/file.ts';
import { layerOfFlags } from '../../src/config/flags.ts';
import { nearest } from '../../src/config/nearest.ts';
import schema from '../../src/config/schema.json' with { type: 'json' };
import { resolveSettings } from '../../src/config/settings.ts';
import { KnownError } from '../../src/domain/errors.ts';
import { defaultOptions, withParity } from '../../src/domain/options.ts';
import { fakeConversion } from '../report/fake.ts';

interface SchemaNode {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

function schemaOf(key: string): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema as SchemaNode;
  for (const part of key.split('.')) node = node?.properties?.[part];
  return node;
}

function keysOf(node: SchemaNode, prefix = ''): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
    child.properties === undefined ? [prefix + name] : keysOf(child, `${prefix}${name}.`),
  );
}

describe('the table of choices', () => {
  it('has the same keys as the schema of the config file', () => {
    expect(choices.map(({ key }) => key).sort()).toEqual(keysOf(schema as SchemaNode).sort());
  });

  it('has every option', () => {
    const keys = Object.entries(defaultOptions).flatMap(([name, value]) =>
      name === 'gateway' || name === 'mesh' ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
    );
    expect(choices.map(({ key }) => key)).toEqual(expect.arrayContaining(keys));
  });

  it.each(choices.map((choice) => [choice.flag, choice] as const))(
    '--%s says the same as the schema',
    (_flag, choice) => {
      const node = schemaOf(choice.key);
      const type =
        { labels: 'object', words: 'array', controllers: 'array', extras: 'array', splits: 'array' }[
          choice.type as string
        ] ?? choice.type;
      expect(node?.type).toBe(type);
      expect(node?.enum).toEqual(choice.values);
      expect(node?.pattern).toBe(choice.pattern);
      expect([node?.minimum, node?.maximum]).toEqual([choice.minimum, choice.maximum]);
      expect(node?.description).toBeTruthy();
    },
  );

  it('has the defaults of the schema', () => {
    for (const { key } of choices) {
      const [first = '', second] = key.split('.');
      const options = {
        ...defaultOptions,
        parity: false,
        failOn: 'error',
        comments: true,
      } as unknown as Record<string, Record<string, unknown>>;
      const value = second === undefined ? options[first] : options[first]?.[second];
      expect([key, schemaOf(key)?.default]).toEqual([key, value]);
    }
  });
});

describe('flags', () => {
  it.each([
    [
      { 'gateway-selector': ['istio=edge', 'tier=front,zone=a'] },
      'gateway.selector',
      { istio: 'edge', tier: 'front', zone: 'a' },
    ],
    [{ 'gateway-http-port': '8080' }, 'gateway.httpPort', 8080],
    [{ 'controller-flags': '--a=b --c d  --e' }, 'controllerFlags', ['--a=b', '--c d', '--e']],
    [{ 'assume-snippets': false }, 'assumeSnippets', false],
    [{ gateway: 'istio-system/edge' }, 'gateway.existing', 'istio-system/edge'],
    [{ with: 'telemetry,outlier-detection' }, 'extras', ['outlier-detection', 'telemetry']],
    [
      { 'tcp-split': '5432=database/next:5432@10' },
      'tcpSplits',
      [{ port: 5432, service: 'database/next:5432', weight: 10 }],
    ],
    [{ with: ['sidecar', 'sidecar, gateway-only'] }, 'extras', ['gateway-only', 'sidecar']],
    [
      { 'gateway-for': ['nginx=edge/istio=edge', 'team/internal=inner/istio=inner,zone=a'] },
      'controllers',
      [
        { class: 'nginx', gateway: { namespace: 'edge', selector: { istio: 'edge' } } },
        { class: 'team/internal', gateway: { namespace: 'inner', selector: { istio: 'inner', zone: 'a' } } },
      ],
    ],
  ])('%j', (given, key, value) => {
    expect(layerOfFlags(given)).toEqual(new Map([[key, value]]));
  });

  it.each([
    [{ tls: 'move' }, '--tls cannot be "move".', 'It takes one of: auto, copy, certificate.'],
    [{ 'gateway-http-port': '0x50' }, '--gateway-http-port is not "0x50".', 'from 1 to 65535'],
    [{ 'gateway-http-port': '70000' }, '--gateway-http-port is not "70000".', 'from 1 to 65535'],
    [{ 'istio-version': 'latest' }, '--istio-version cannot be "latest".', 'such as 1.30'],
    [{ namespace: ['a', 'b'] }, '--namespace is given twice.', 'once'],
    [{ namespace: 'A b' }, '--namespace cannot be "A b".', 'the name of a namespace'],
    [{ 'gateway-selector': 'istio' }, '--gateway-selector cannot be "istio".', 'istio=ingressgateway'],
    [
      { 'tcp-split': '5432=next' },
      '--tcp-split cannot be "5432=next".',
      '5432=database/postgres-next:5432@10',
    ],
    [{ 'tcp-split': '5432=a/b:1@101' }, '--tcp-split cannot be "5432=a/b:1@101".', 'share in percent'],
    [{ with: 'gateway-onyl' }, '--with cannot be "gateway-onyl".', 'Did you mean gateway-only?'],
    [{ with: '' }, '--with cannot be "".', 'one or more of: outlier-detection'],
    [{ gateway: 'edge' }, '--gateway cannot be "edge".', 'namespace/name'],
    [{ namespace: '' }, '--namespace is empty.', 'leave the flag out'],
  ])('%j is refused', (given, message, wayOut) => {
    const error = refusalOf(() => layerOfFlags(given));
    expect(error.message).toBe(message);
    expect(error.wayOut).toContain(wayOut);
  });
});

describe('the config file', () => {
  it('gives a layer of what it says, and no more', () => {
    const layer = layerOfText(
      'gateway:\n  namespace: edge\n  selector: { app: gw }\nenvoyFilters: allow\ncontrollerFlags: [--ingress-class=x]\n',
      'c.yaml',
    );
    expect(layer).toEqual(
      new Map<string, unknown>([
        ['gateway.namespace', 'edge'],
        ['gateway.selector', { app: 'gw' }],
        ['envoyFilters', 'allow'],
        ['controllerFlags', ['--ingress-class=x']],
      ]),
    );
  });

  it.each(['', '# nothing yet\n', '---\n'])('may be empty: %j', (text) => {
    expect(layerOfText(text, 'c.yaml').size).toBe(0);
  });

  it.each([
    ['gatway:\n  namespace: x\n', 'c.yaml:1:1 unknown key "gatway". Did you mean gateway?'],
    ['gateway:\n  namspace: x\n', 'c.yaml:2:3 unknown key "namspace". Did you mean namespace?'],
    ['tls: copy\nenvoyFilters: yes\n', 'c.yaml:2:15 envoyFilters takes one of: allow, deny'],
    ['parity: maybe\n', 'c.yaml:1:9 parity takes true or false'],
    ['istioVersion: 1.28\n', 'c.yaml:1:15 istioVersion takes a string (put it in quotes)'],
    ['namespace: Not_This\n', 'c.yaml:1:12 namespace takes the name of a namespace'],
    ['gateway: [\n', 'c.yaml:2:1'],
    ['tls: copy\ntls: copy\n', 'c.yaml:2:1 Map keys must be unique'],
    ['extras: [outliers]\n', 'c.yaml:1:10 extras.0 takes one of: outlier-detection, connection-pool'],
    ['extras: telemetry\n', 'c.yaml:1:9 extras takes a list'],
    ['- a\n', 'c.yaml:1:1 the file takes keys with values'],
    ['__proto__:\n  tls: copy\n', 'c.yaml:1:1 unknown key "__proto__".'],
    ['zzz: 1\naaa: 2\n', 'c.yaml:1:1 unknown key "zzz".\nc.yaml:2:1 unknown key "aaa".'],
  ])('%j is refused', (text, message) => {
    expect(refusalOf(() => layerOfText(text, 'c.yaml')).message).toContain(message);
  });

  it('is no place for an alias bomb', () => {
    const levels = Array.from(
      { length: 20 },
      (_, index) => `a${index}: &a${index} [${index === 0 ? '1' : `*a${index - 1}, *a${index - 1}`}]`,
    );
    expect(refusalOf(() => layerOfText(levels.join('\n'), 'c.yaml')).message).toContain('aliases');
  });

  it('has a schema that ajv takes in strict mode', () => {
    expect(() => new Ajv({ strict: true }).compile(schema)).not.toThrow();
  });
});

describe('precedence', () => {
  const given = { ...defaultOptions, istioVersion: undefined };
  const layer = (entries: Record<string, unknown>) => new Map(Object.entries(entries));

  it.each([
    ['nothing said', [], given],
    ['parity', [layer({ parity: true })], withParity(given)],
    [
      'a key beats parity of its own layer',
      [layer({ parity: true, envoyFilters: 'deny' })],
      { ...withParity(given), envoyFilters: 'deny' },
    ],
    ['a flag beats the file', [layer({ envoyFilters: 'allow' }), layer({ envoyFilters: 'deny' })], given],
    [
      '--parity beats the file',
      [layer({ envoyFilters: 'deny' }), layer({ parity: true })],
      withParity(given),
    ],
    [
      '--no-parity leaves the keys of the file',
      [layer({ envoyFilters: 'allow' }), layer({ parity: false })],
      { ...given, envoyFilters: 'allow' },
    ],
    ['--no-parity takes back that of the file', [layer({ parity: true }), layer({ parity: false })], given],
  ] as const)('%s', (_name, layers, expected) => {
    expect(resolveSettings(...layers).options).toEqual(expected);
  });

  it('reaches every option', () => {
    const samples: Record<string, unknown> = {
      string: 'x',
      boolean: true,
      integer: 7,
      labels: { a: 'b' },
      words: ['--x'],
    };
    for (const { key, type, flag } of choices) {
      if (flag === 'parity') continue;
      const value = key === 'assumeSnippets' ? false : samples[type];
      const settings = resolveSettings(layer({ [key]: value }));
      const flat = { ...settings.options, ...settings } as unknown as Record<string, Record<string, unknown>>;
      const [first = '', second] = key.split('.');
      expect([key, second === undefined ? flat[first] : flat[first]?.[second]]).toEqual([key, value]);
    }
  });
});

describe('--controller-config', () => {
  const { cluster } = fakeConversion({});
  const read = (text: string) => withControllerConfig(cluster, defaultOptions, 'cm.yaml', text);

  it.each([
    [
      'plain lines',
      'proxy-read-timeout: "120"\nuse-gzip: true\nversion: 1.10\n',
      'ingress-nginx/ingress-nginx-controller',
      3,
    ],
    [
      'a manifest',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cfg\n  namespace: edge\ndata:\n  proxy-read-timeout: "120"\n  use-gzip: "true"\n  version: "1.10"\n',
      'edge/cfg',
      9,
    ],
  ])('reads %s', (_name, text, name, line) => {
    const { cluster: changed, options } = read(text);
    const [map] = changed.configMaps;
    expect([...map!.data]).toEqual([
      ['proxy-read-timeout', '120'],
      ['use-gzip', 'true'],
      ['version', '1.10'],
    ]);
    expect(options.controllerFlags).toEqual([`--configmap=${name}`]);
    expect(map!.source.locate(['data', 'version'])).toMatchObject({ file: 'cm.yaml', line });
  });

  it.each([
    ['a: [\n', 'cm.yaml:2:1'],
    ['- a\n', 'cm.yaml contains no key: value lines.'],
    ['kind: Secret\ndata: {}\n', 'cm.yaml:1:1 is a manifest, but not of one ConfigMap.'],
    ['a:\n  b: c\n', 'cm.yaml:1:1 gives "a" no plain value.'],
  ])('refuses %j', (text, message) => {
    expect(refusalOf(() => read(text)).message).toContain(message);
  });
});

describe('nearest', () => {
  it.each([
    ['namspace', ['namespace']],
    ['gateway-namspace', ['gateway-namespace']],
    ['fial-on', ['fail-on']],
    ['zzz', []],
    ['x'.repeat(1_000_000), []],
  ])('%.30s', (name, expected) => {
    expect(
      nearest(
        name,
        choices.map(({ flag }) => flag),
      ),
    ).toEqual(expected);
  });
});

function refusalOf(act: () => unknown): KnownError {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(KnownError);
    return error as KnownError;
  }
  throw new Error('It was not refused.');
}
