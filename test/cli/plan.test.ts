import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import schema from '../../src/waves/plan-report.schema.json' with { type: 'json' };
import { contentsOf, temporaryDirectory } from '../output/temporary.ts';
import { hostileDump, plainDump } from './dump.ts';
import { runHere } from './fake-terminal.ts';

const sample = readFileSync(
  fileURLToPath(new URL('../../samples/whole-cluster/input.yaml', import.meta.url)),
  'utf8',
);

/** A directory with an input, and a runner in it. */
function place(input: string) {
  const directory = temporaryDirectory();
  const file = join(directory, 'dump.yaml');
  writeFileSync(file, input);
  const at = (...path: readonly string[]): string => join(directory, ...path);
  return { file, at, run: (...args: readonly string[]) => runHere(args, { directory }) };
}

/** A List without the objects of a name. */
function without(text: string, name: string): string {
  const { items } = parse(text) as { items: { metadata: { name: string } }[] };
  const left = items.filter(({ metadata }) => metadata.name !== name);
  expect(left.length).toBeLessThan(items.length);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: left });
}

describe('plan', () => {
  it('writes the waves to stdout and keeps them in the plan file', async () => {
    const { file, at, run } = place(sample);
    const { code, stdout, stderr } = await run('plan', file, '--fail-on', 'never');
    expect(code).toBe(0);
    expect(stdout).toContain('**4 hosts in 3 waves.**');
    expect(stdout).toContain('| 2 | 1 | needs a decision | 1 | `ledger.example.org` |');
    expect(stderr).toContain('ingress2istio.plan.yaml: plan written');
    const kept = readFileSync(at('ingress2istio.plan.yaml'), 'utf8');
    expect((await run('plan', file, '--fail-on', 'never')).stdout).toBe(stdout);
    expect(readFileSync(at('ingress2istio.plan.yaml'), 'utf8')).toBe(kept);
  });

  it('keeps what has moved, and places the others again', async () => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    const { stdout } = await run(
      'plan',
      file,
      '--moved',
      '1',
      '--pin',
      'reports.example.org=7',
      '--wave-size',
      '3',
    );
    expect(stdout).toContain('**2 hosts in 2 waves.** 2 hosts have moved.');
    const text = readFileSync(at('ingress2istio.plan.yaml'), 'utf8');
    expect(text).toContain('waveSize: 3\npinned:\n  reports.example.org: 7\nmoved:\n  - wave: 1\n');
    expect(text).toContain('waves:\n  - wave: 2\n    hosts:\n      - ledger.example.org\n  - wave: 7\n');
    // The Ingress of a host that has moved is removed in the end.
    writeFileSync(file, without(sample, 'legacy'));
    await run('plan', file);
    expect(readFileSync(at('ingress2istio.plan.yaml'), 'utf8')).toContain('old-shop.example.org');
  });

  it('counts a host as moved whose VirtualService is in the input', async () => {
    const { file, run } = place(
      `${plainDump}---\n${JSON.stringify({
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'shop', namespace: 'shop' },
        spec: { hosts: ['shop.example.com'], gateways: ['shop/gateway'] },
      })}\n`,
    );
    expect((await run('plan', file)).stdout).toContain('**All hosts have moved.**');
  });

  it('begins with hosts that get little traffic', async () => {
    const { file, at, run } = place(sample);
    const classes = [
      { host: 'old-shop.example.org', requests: 900 },
      { host: 'shop.example.org', requests: 5 },
    ];
    writeFileSync(at('traffic.json'), JSON.stringify({ schema: 'ingress2istio/verify-log/v1', classes }));
    const { stdout } = await run(
      'plan',
      file,
      '--traffic',
      'traffic.json',
      '--wave-size',
      '1',
      '--format',
      'json',
    );
    const report = JSON.parse(stdout) as { waves: { hosts: { host: string; requests: number }[] }[] };
    expect(report.waves[0]!.hosts).toMatchObject([{ host: 'shop.example.org', requests: 5 }]);
  });

  it('writes a ticket a wave, an index, and JSON that fits its schema', async () => {
    const { file, at, run } = place(sample);
    const { stderr } = await run('plan', file, '--output', at('tickets'));
    expect(stderr).toContain('5 files written');
    const files = contentsOf(at('tickets'));
    expect(Object.keys(files)).toEqual([
      '.ingress2istio.json',
      'index.md',
      'plan.json',
      'waves/wave-001.md',
      'waves/wave-002.md',
      'waves/wave-003.md',
    ]);
    const validate = new Ajv({ strict: false }).compile(schema);
    expect([validate(JSON.parse(files['plan.json']!)), validate.errors]).toEqual([true, null]);
    for (const heading of ['Before', 'DNS', 'Watch', 'Go back', 'After'])
      expect(files['waves/wave-002.md']).toContain(`\n## ${heading}\n`);
    expect(files['waves/wave-002.md']).toContain('kubectl get secret -n istio-system finance-ledger-tls');
  });

  it('writes rules and a dashboard a wave where asked, names them in the tickets, and leaves them alone afterwards', async () => {
    const { file, at, run } = place(sample);
    const args = ['plan', file, '--output', at('tickets'), '--prometheus'];
    expect((await run(...args)).stderr).toContain('12 files written');
    const files = contentsOf(at('tickets'));
    expect(Object.keys(files).filter((path) => path.startsWith('prometheus/'))).toEqual([
      'prometheus/telemetry.yaml',
      ...[1, 2, 3].flatMap((wave) => [
        `prometheus/wave-00${wave}.dashboard.json`,
        `prometheus/wave-00${wave}.rules.yaml`,
      ]),
    ]);
    expect(files['index.md']).toContain('kubectl apply -f prometheus/telemetry.yaml');
    expect(files['waves/wave-002.md']).toContain('(../prometheus/wave-002.dashboard.json)');
    expect(files['waves/wave-002.md']).toContain('`IngressMoveServerErrors` means go back');
    expect((await run(...args)).stderr).toContain('0 files written, 12 unchanged, 0 removed');
    await run('plan', file, '--output', at('tickets'));
    expect(Object.keys(contentsOf(at('tickets'))).join()).not.toContain('prometheus');
  });

  it('writes rules of a hostile input that show nothing a terminal would act on', async () => {
    const { file, at, run } = place(hostileDump);
    await run('plan', file, '--output', at('tickets'), '--prometheus');
    const files = Object.entries(contentsOf(at('tickets'))).filter(([path]) =>
      path.startsWith('prometheus/'),
    );
    expect(files.length).toBeGreaterThan(2);
    for (const [, text] of files) expect(text).not.toMatch(/[\p{Cf}\x00-\x09\x0b-\x1f\x7f-\x9f]/u);
  });

  it('names the gateway and the controller where there are several', async () => {
    const directory = fileURLToPath(new URL('../../samples/two-controllers/', import.meta.url));
    const state = join(temporaryDirectory(), 'plan.yaml');
    const args = ['plan', join(directory, 'input.yaml'), '--plan', state];
    const { stdout } = await runHere(args, { directory });
    expect(stdout).toContain('ingress2istio verify INPUT --controller nginx-internal --select wave=1 --from');
    expect(stdout).toContain('# wiki.corp.example.com -> $GATEWAY for the controller nginx-internal');
  });

  it('shows nothing of a hostile input that a terminal or a browser would act on', async () => {
    const { file, run } = place(hostileDump);
    for (const format of ['md', 'json']) {
      const { stdout } = await run('plan', file, '--format', format);
      expect(stdout).toContain('shop.example.com');
      expect(stdout).not.toMatch(/[\p{Cf}\x00-\x09\x0b-\x1f\x7f-\x9f]/u);
      if (format === 'md') expect(stdout).not.toContain('<b>');
    }
  });

  it.each([
    [['--pin', 'shop.example.com'], '--pin cannot be "shop.example.com".'],
    [['--pin', 'shop.example.com=0'], '--pin cannot be "shop.example.com=0".'],
    [['--pin', 'shop.exmple.com=1'], '--pin shop.exmple.com names a host'],
    [
      ['--pin', 'shop.example.com=1', '--pin', 'shop.example.com=2'],
      '--pin places shop.example.com in two waves.',
    ],
    [['--wave-size', '0'], '--wave-size cannot be "0".'],
    [['--moved', '4'], '--moved 4 names a wave'],
    [['--moved', 'shop.example.com'], "names a host that ingress2istio.plan.yaml doesn't have yet"],
    [['--prometheus'], '--prometheus writes files.'],
    [['--together', 'colour'], '--together cannot be "colour".'],
    [['--traffic', 'none.json'], 'The traffic report none.json cannot be read'],
    [['--traffic', 'dump.yaml'], 'dump.yaml is no report of verify --log.'],
    [['--plan', 'dump.yaml'], 'dump.yaml expected a single document'],
  ])('%j is refused, and leaves no plan file', async (args, message) => {
    const { file, at, run } = place(plainDump);
    const { code, stdout, stderr } = await run(
      'plan',
      file,
      '--plan',
      'ingress2istio.plan.yaml',
      ...args,
    ).catch((error: unknown) => ({ code: -1, stdout: '', stderr: String(error) }));
    const once = args[0] === '--plan' ? await run('plan', file, ...args) : { code, stdout, stderr };
    expect([once.code, once.stdout]).toEqual([2, '']);
    expect(once.stderr).toContain(message);
    expect(existsSync(at('ingress2istio.plan.yaml'))).toBe(false);
  });
});

describe('--select', () => {
  it('converts wave by wave into one directory, and gives the files of one conversion', async () => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    await run('convert', file, '-o', at('whole'), '--fail-on', 'never');
    for (const wave of [2, 1, 3]) {
      const { stderr } = await run('convert', file, '--select', `wave=${wave}`, '-o', at('parts'));
      expect(stderr).toContain('written');
      expect(stderr).not.toContain('removed');
    }
    const [parts, whole] = ['parts', 'whole'].map((directory) => {
      const { '.ingress2istio.json': manifest, ...files } = contentsOf(at(directory));
      return { files, listed: JSON.parse(manifest!).files };
    });
    expect(parts).toEqual(whole);
    const again = await run('convert', file, '--select', 'wave=2', '-o', at('parts'));
    expect(again.stderr).toContain('0 files written');
  });

  it('writes only what is selected to stdout, and reports only that', async () => {
    const { file, run } = place(sample);
    const { stdout } = await run('convert', file, '--select', 'host=ledger.*');
    const names = parseAllDocuments(stdout).map((one) => one.getIn(['metadata', 'name']));
    expect(names).toEqual([
      'ledger-example-org',
      'ledger-example-org',
      'ledger-finance',
      'ingress-unknown-hosts',
      'ingress-unknown-hosts',
    ]);
    const report = await run('report', file, '--select', 'host=ledger.*', '--format', 'json');
    const { ingresses, findings } = JSON.parse(report.stdout) as {
      ingresses: { name: string }[];
      findings: { code: string }[];
    };
    expect(ingresses.map(({ name }) => name)).toEqual(['ledger']);
    const codes = findings.map(({ code }) => code);
    expect(codes).toContain('rate-limit/not-carried');
    expect(codes).not.toContain('auth-basic/closed');
    expect(codes).toContain('selection/gateway-object');
  });

  it('holds only the selected objects against what is there', async () => {
    const { file, at, run } = place(sample);
    await run('convert', file, '-o', at('whole'), '--fail-on', 'never');
    const same = await run(
      'diff',
      file,
      '--select',
      'namespace=finance',
      '--against',
      at('whole'),
      '--exit-code',
    );
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringContaining('To create: 0, to change: 0, to delete: 0'),
    ]);
    const view = await run('diff', file, '--select', 'namespace=finance', '--view', 'routes', '--all');
    expect(view.stdout).toContain('ledger.example.org');
    expect(view.stdout).not.toContain('shop.example.org');
  });

  it('looks at the requests of the selected hosts only', async () => {
    const { file, at, run } = place(sample);
    const line = (upstream: string, path: string): string =>
      `10.0.0.1 - - [01/Aug/2026:00:00:00 +0000] "GET ${path} HTTP/1.1" 200 12 "-" "curl" 100 0.010 [${upstream}] [] 10.1.0.7:8080 12 0.010 200 0123456789abcdef0123456789abcdef\n`;
    writeFileSync(
      at('access.log'),
      line('finance-ledger-grpc', '/').repeat(3) + line('shop-storefront-80', '/').repeat(5),
    );
    const read = async (...args: readonly string[]) => {
      const { stdout } = await run('verify', file, '--log', at('access.log'), '--format', 'json', ...args);
      const { classes, unasked } = JSON.parse(stdout) as {
        classes: { host: string; requests: number }[];
        unasked: { host: string }[];
      };
      return {
        hosts: new Set(classes.map(({ host }) => host)),
        unasked: new Set(unasked.map(({ host }) => host)),
      };
    };
    const whole = await read();
    expect(whole.hosts.size).toBeGreaterThan(1);
    for (const host of [...whole.hosts].filter((one) => one !== '*')) {
      const part = await read('--select', `host=${host}`);
      expect([...part.hosts]).toEqual([host]);
      expect([...part.unasked].filter((one) => one !== host)).toEqual([]);
    }
  });

  it.each(['convert', 'report', 'diff'])(
    '%s refuses a wave without a plan, and what selects nothing',
    async (command) => {
      const { file, run } = place(plainDump);
      const wave = await run(command, file, '--select', 'wave=1');
      expect([wave.code, wave.stdout]).toEqual([2, '']);
      expect(wave.stderr).toContain('ingress2istio.plan.yaml cannot be read');
      const host = await run(command, file, '--select', 'host=nowhere');
      expect([host.code, host.stdout]).toEqual([2, '']);
      expect(host.stderr).toContain('--select host=nowhere selects nothing.');
    },
  );
});

describe('a host that has moved and whose Ingress was removed', () => {
  it('keeps its objects, also when all is converted', async () => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    await run('convert', file, '-o', at('out'), '--fail-on', 'never');
    await run('plan', file, '--moved', 'old-shop.example.org');
    const before = contentsOf(at('out'));
    writeFileSync(file, without(sample, 'legacy'));
    const { stderr } = await run('convert', file, '-o', at('out'), '--fail-on', 'never');
    expect(stderr).toContain('1 moved host has no Ingress in the input any more (old-shop.example.org)');
    expect(stderr).not.toContain('removed.');
    const after = contentsOf(at('out'));
    expect(after['old-shop.example.org.yaml']).toBe(before['old-shop.example.org.yaml']);
    expect(after['kustomization.yaml']).toBe(before['kustomization.yaml']);
    // Without the plan, nobody knows that it has moved.
    rmSync(at('ingress2istio.plan.yaml'));
    await run('convert', file, '-o', at('out'), '--fail-on', 'never');
    expect(contentsOf(at('out'))['old-shop.example.org.yaml']).toBeUndefined();
  });
});

describe('--layout', () => {
  it.each([
    ['namespace', 'namespaces/finance/ledger.example.org.yaml', 'namespaces/istio-system/kustomization.yaml'],
    ['wave', 'waves/wave-002/ledger.example.org.yaml', 'waves/shared/ingress-unknown-hosts.yaml'],
  ])('%s has a kustomization in each directory, and one over them', async (layout, one, other) => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    await run('convert', file, '-o', at('out'), '--layout', layout, '--fail-on', 'never');
    const files = contentsOf(at('out'));
    expect(Object.keys(files)).toEqual(expect.arrayContaining([one, other]));
    const listed = (path: string): string[] => {
      const folder = path.replace(/[^/]*$/, '');
      const [, ...lines] = files[path]!.split('resources:\n')[1]!
        .split("- '")
        .map((line) => line.split("'")[0]!);
      return lines.flatMap((name) =>
        name.endsWith('.yaml') ? [`${folder}${name}`] : listed(`${folder}${name}/kustomization.yaml`),
      );
    };
    const objects = Object.keys(files).filter(
      (path) => path.endsWith('.yaml') && !path.endsWith('kustomization.yaml'),
    );
    expect(listed('kustomization.yaml').sort()).toEqual(objects);
  });

  it('gives Argo CD destinations and protections before Gateways, and Gateways before routes, wave by wave', async () => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    await run(
      'convert',
      file,
      '-o',
      at('out'),
      '--layout',
      'wave',
      '--gitops',
      'argo-cd',
      '--fail-on',
      'never',
    );
    const orders = Object.entries(contentsOf(at('out')))
      .filter(([path]) => path.startsWith('waves/') && !path.endsWith('kustomization.yaml'))
      .flatMap(([path, text]) =>
        parseAllDocuments(text).map((one) => [
          path.split('/')[1],
          one.get('kind'),
          one.getIn(['metadata', 'annotations', 'argocd.argoproj.io/sync-wave']),
        ]),
      );
    expect(orders).toEqual(
      expect.arrayContaining([
        ['shared', 'Gateway', '1'],
        ['wave-002', 'DestinationRule', '20'],
        ['wave-002', 'Gateway', '21'],
        ['wave-002', 'VirtualService', '22'],
      ]),
    );
  });

  it('gives Flux a Kustomization a directory, each after the one before it', async () => {
    const { file, at, run } = place(sample);
    await run('plan', file);
    await run('convert', file, '-o', at('out'), '--layout', 'wave', '--gitops', 'flux', '--fail-on', 'never');
    const files = contentsOf(at('out'));
    const dependencies = Object.entries(files)
      .filter(([path]) => path.startsWith('flux/'))
      .map(([path, text]) => [path, parseAllDocuments(text)[0]!.getIn(['spec', 'dependsOn', 0, 'name'])]);
    expect(dependencies).toEqual([
      ['flux/shared.yaml', undefined],
      ['flux/wave-001.yaml', 'ingress2istio-shared'],
      ['flux/wave-002.yaml', 'ingress2istio-wave-001'],
      ['flux/wave-003.yaml', 'ingress2istio-wave-002'],
    ]);
    expect(files['kustomization.yaml']).not.toContain('flux');
  });

  it('leaves the smallest diff: one more host is one more file, and a line in the lists', async () => {
    const { file, at, run } = place(plainDump);
    await run('convert', file, '-o', at('out'));
    const before = contentsOf(at('out'));
    writeFileSync(
      file,
      `${plainDump}---\n${plainDump
        .slice(plainDump.lastIndexOf('---\n') + 4)
        .replaceAll('shop.example.com', 'new.example.com')
        .replace('name: web', 'name: new')}`,
    );
    const { stderr } = await run('convert', file, '-o', at('out'));
    expect(stderr).toMatch(/2 files written, 1 unchanged/);
    const after = contentsOf(at('out'));
    expect(after['shop.example.com.yaml']).toBe(before['shop.example.com.yaml']);
    expect(after['kustomization.yaml']).toBe(
      before['kustomization.yaml']!.replace("- 'shop", "- 'new.example.com.yaml'\n- 'shop"),
    );
  });

  it.each([
    [['--layout', 'wave'], '--layout divides files.'],
    [['--gitops', 'argo-cd'], '--gitops divides files.'],
    [['--layout', 'wave', '-o', 'out'], 'ingress2istio.plan.yaml cannot be read'],
    [['--gitops', 'flux', '-o', 'out'], '--gitops flux needs directories'],
  ])('%j is refused', async (args, message) => {
    const { file, at, run } = place(plainDump);
    mkdirSync(at('x'));
    const { code, stdout, stderr } = await run(
      'convert',
      file,
      ...args.map((arg) => (arg === 'out' ? at('out') : arg)),
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(existsSync(at('out'))).toBe(false);
  });
});
