import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { planFileText, readPlanFile } from '../../src/waves/plan-file.ts';
import type { PlanFile } from '../../src/waves/plan-state.ts';
import { trafficByHost } from '../../src/waves/traffic-file.ts';

const host = fc.oneof(
  fc.constantFrom('', '*', '*.example.com', 'a.example.com', '__proto__', 'constructor', 'null', '1', '2.5'),
  fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.toLowerCase()),
);

describe('a plan file', () => {
  it('reads back what was written, whatever hosts are called', () => {
    const byHost = fc.array(fc.tuple(host, fc.integer({ min: 1, max: 99 }))).map((all) => new Map(all));
    fc.assert(
      fc.property(
        byHost,
        byHost,
        byHost,
        fc.option(fc.integer({ min: 1, max: 50 })),
        (pinned, moved, all, size) => {
          const planned = new Map([...all].filter(([one]) => one !== '_' && !moved.has(one)));
          const clean = (of: ReadonlyMap<string, number>) => new Map([...of].filter(([one]) => one !== '_'));
          const file: PlanFile = {
            waveSize: size ?? undefined,
            pinned: clean(pinned),
            moved: clean(moved),
            planned,
          };
          const read = readPlanFile(planFileText(file), 'plan.yaml');
          expect(read.waveSize).toBe(file.waveSize);
          for (const key of ['pinned', 'moved', 'planned'] as const)
            expect([...read[key]].sort()).toEqual([...file[key]].sort());
        },
      ),
    );
  });

  it.each([
    ['[]', 'plan.yaml:1:1 must be object'],
    ['schema: other', 'plan.yaml:1:9 schema must be "ingress2istio/plan/v1"'],
    ['schema: ingress2istio/plan/v1\nwave: 1', 'unknown key "wave"'],
    ['schema: ingress2istio/plan/v1\nwaveSize: 0', 'plan.yaml:2:11 waveSize must be >= 1'],
    ['schema: ingress2istio/plan/v1\npinned:\n  a: soon', 'plan.yaml:3:6 a must be integer'],
    [
      'schema: ingress2istio/plan/v1\nmoved:\n- wave: 1\n  hosts: [a]\nwaves:\n- wave: 2\n  hosts: [b, A]',
      'plan.yaml:7:14 names A for the second time',
    ],
    ['schema: [', 'plan.yaml:'],
    ['a: &a [x]\nb: [*a, *a', 'plan.yaml:'],
  ])('is refused with its place: %j', (text, message) => {
    let error: unknown;
    try {
      readPlanFile(text, 'plan.yaml');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConfigError);
    expect(String((error as ConfigError).message)).toContain(message);
  });
});

describe('figures of traffic', () => {
  it('are requests by host of a report of verify', () => {
    const report = {
      schema: 'ingress2istio/verify-log/v1',
      classes: [
        { host: 'a.example.com', requests: 3 },
        { host: '*', requests: 1 },
        { host: 'a.example.com', requests: 4 },
        { host: 7 },
      ],
    };
    expect([...trafficByHost(JSON.stringify(report), 'x')]).toEqual([
      ['a.example.com', 7],
      ['', 1],
    ]);
  });

  it.each([
    '',
    '[]',
    'null',
    '{"schema":"ingress2istio/report/v1","classes":[]}',
    '{"schema":"ingress2istio/verify-log/v1"}',
  ])('are refused in %j', (text) => {
    expect(() => trafficByHost(text, 'x.json')).toThrow('x.json is no report of verify --log.');
  });
});
