import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/emit/yaml.ts';
import type { Server } from '../../../src/nginx/model.ts';
import { writtenHost } from '../../../src/waves/migration-plan.ts';
import { rulesText } from '../../../src/waves/prometheus/files.ts';
import { literal } from '../../../src/waves/prometheus/promql.ts';
import { recorded } from '../../../src/waves/prometheus/recordings.ts';
import { watchedHosts } from '../../../src/waves/prometheus/watched-host.ts';
import { runHere } from '../../cli/fake-terminal.ts';
import { temporaryDirectory } from '../../output/temporary.ts';
import { promtool, withoutPromtool } from './promtool.ts';

/** A folder is a test: an input with a plan file, and promtool's unit tests of the rules that `plan` writes for them. */
const cases = fileURLToPath(new URL('cases/', import.meta.url));
const passed = { status: 0, said: expect.stringContaining('SUCCESS') };

describe.skipIf(withoutPromtool)('the rules (needs promtool: prometheus)', () => {
  it.each(readdirSync(cases).sort())('%s', async (name) => {
    const directory = temporaryDirectory();
    cpSync(join(cases, name), directory, { recursive: true });
    const output = join(directory, 'tickets');
    await runHere(['plan', join(directory, 'input.yaml'), '-o', output, '--prometheus'], { directory });
    cpSync(join(output, 'prometheus'), join(directory, 'prometheus'), { recursive: true });
    expect(promtool(directory, 'check', 'rules', 'prometheus/wave-001.rules.yaml')).toEqual(passed);
    expect(promtool(directory, 'test', 'rules', 'rules.test.yaml')).toEqual(passed);
  });

  it('count the requests of each host, whatever its name, and of no other', () => {
    const hosts = fc.uniqueArray(
      fc.oneof(
        fc.domain(),
        hostile,
        fc.domain().map((name) => `*.${name}`),
      ),
      {
        minLength: 1,
        maxLength: 6,
        // Prometheus has no half of a surrogate pair, and nginx no upper case.
        selector: (host) => host,
      },
    );
    fc.assert(
      fc.property(hosts, (names) => {
        const directory = temporaryDirectory();
        mkdirSync(directory, { recursive: true });
        const servers = names.map((host) => ({ host, aliases: [] }) as unknown as Server);
        writeFileSync(join(directory, 'rules.yaml'), rulesText(names.map(watchedHosts({ servers })), 1));
        writeFileSync(join(directory, 'test.yaml'), toYaml([countingTest(names)]));
        expect(promtool(directory, 'check', 'rules', 'rules.yaml')).toEqual(passed);
        expect(promtool(directory, 'test', 'rules', 'test.yaml')).toEqual(passed);
      }),
      { numRuns: 25 },
    );
  });
});

/** What PromQL, regular expressions, replacements, templates, and YAML would act on. */
const hostile = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      '.',
      '*',
      '"',
      "'",
      '\\',
      '$1',
      '$',
      '|',
      '(',
      ')',
      '[',
      '}',
      '{{',
      '\n',
      '\u2028',
      ': ',
      '#',
      'é',
      '😀',
    ),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((parts) => `x${parts.join('')}`);

/** The host at place n has n + 1 requests a second on nginx, and twice as many on Istio; names with another letter have more. */
function countingTest(hosts: readonly string[]): object {
  const series = (metric: string, labels: Readonly<Record<string, string>>, perSecond: number) => ({
    series: `${metric}{${Object.entries(labels)
      .map(([label, value]) => `${label}=${literal(value)}`)
      .join(',')}}`,
    values: `0+${perSecond * 60}x10`,
  });
  const input = [
    ...hosts,
    ...hosts.map((host) => `${host}z`).filter((host) => !hosts.includes(host)),
  ].flatMap((host, index) => {
    const perSecond = index < hosts.length ? index + 1 : 1000;
    const own = host.startsWith('*.') ? `some${host.slice(1)}` : host;
    return [
      series('nginx_ingress_controller_requests', { host: own, status: '200' }, perSecond),
      ...[80, 443].map((port) =>
        series(
          'istio_requests_total',
          { reporter: 'source', response_code: '200', virtual_host: `${host}:${port}` },
          perSecond,
        ),
      ),
    ];
  });
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: input,
        promql_expr_test: [
          {
            expr: recorded.requests,
            eval_time: '10m',
            exp_samples: hosts.flatMap((host, index) =>
              ['nginx', 'istio'].map((proxy, times) => ({
                labels: `${recorded.requests}{host=${literal(writtenHost(host))},proxy="${proxy}",wave="1"}`,
                value: (index + 1) * (times + 1),
              })),
            ),
          },
        ],
      },
    ],
  };
}
