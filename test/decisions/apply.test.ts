import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/conversion/conversion.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { outputStream } from '../../src/output/files.ts';
import { overviewOf } from '../../src/report/overview.ts';
import {
  codesOf,
  convertYaml,
  input,
  messagesOf,
  objectsOf,
  routesOf,
  statusOf,
} from '../features/convert.ts';
import { decide } from './decision.ts';

function converted(yaml: string, ...decisions: Decision[]): Conversion {
  return convertYaml(yaml, { ...defaultOptions, decisions });
}

function readiness(conversion: Conversion): string[] {
  return overviewOf(conversion).ingresses.map((entry) => entry.readiness);
}

function decidedOf(conversion: Conversion, annotation: string): string | undefined {
  return conversion.outcomes.find(({ subject }) => subject.name.endsWith(`/${annotation}`))?.decision?.choice
    .kind;
}

const limited = input([
  { name: 'web', host: 'a.example.com', annotations: { 'limit-rps': '5' } },
  { name: 'api', host: 'b.example.com', annotations: { 'limit-rps': '5' } },
]);

describe('decisions', () => {
  it('open an opt-in for the annotation of one Ingress and for nothing else', () => {
    const optIn = decide(
      'limit-rps',
      '5',
      { kind: 'opt-in', use: { envoyFilters: 'allow' } },
      { scope: { kind: 'ingress', ingress: 'demo/web' } },
    );
    expect(objectsOf(converted(limited), 'EnvoyFilter')).toEqual([]);
    const result = converted(limited, optIn);
    const filters = JSON.stringify(objectsOf(result, 'EnvoyFilter'));
    expect(filters).toContain('a.example.com');
    expect(filters).not.toContain('b.example.com');
    expect(decidedOf(result, 'limit-rps')).toBe('opt-in');
  });

  it('put a value in the place of another, and the ledger names both', () => {
    const yaml = input([{ annotations: { 'proxy-read-timeout': '5 minutes' } }]);
    const result = converted(
      yaml,
      decide('proxy-read-timeout', '5 minutes', { kind: 'value', value: '300' }),
    );
    expect(routesOf(result).map(({ retries }) => retries?.perTryTimeout)).toContain('300s');
    expect(statusOf(converted(yaml), 'proxy-read-timeout')).toBe('invalid');
    const outcome = result.outcomes.find(({ subject }) => subject.name.endsWith('proxy-read-timeout'));
    expect(outcome).toMatchObject({
      status: 'converted',
      subject: { value: '5 minutes' },
      decision: { choice: { kind: 'value', value: '300' }, by: 'anna' },
    });
  });

  it('open a location that is closed, once somebody left its protection out', () => {
    const yaml = input([{ annotations: { 'auth-url': 'http://auth.example.org/check' } }]);
    expect(JSON.stringify(routesOf(converted(yaml)))).toContain('503');
    const result = converted(
      yaml,
      decide('auth-url', 'http://auth.example.org/check', { kind: 'leave-out' }),
    );
    expect(JSON.stringify(routesOf(result))).not.toContain('503');
    expect(statusOf(result, 'auth-url')).toBe('not-needed');
    expect(decidedOf(result, 'auth-url')).toBe('leave-out');
  });

  it('accept what is left, and then nothing blocks', () => {
    const yaml = input([{ annotations: { 'auth-url': 'http://auth.example.org/check' } }]);
    const before = converted(yaml);
    expect(readiness(before)).toEqual(['blocked']);
    const plain: Decision = {
      ...decide('ssl-redirect', '', { kind: 'accept' }),
      annotation: undefined,
      finding: 'tls/https-lost',
      fingerprints: [],
    };
    const accepted = converted(
      yaml,
      plain,
      decide('auth-url', 'http://auth.example.org/check', { kind: 'accept' }),
    );
    expect(outputStream(accepted.objects)).toBe(outputStream(before.objects));
    expect(readiness(accepted)).toEqual(['ready']);
    const byHand = decide('auth-url', 'http://auth.example.org/check', {
      kind: 'manual',
      note: 'WAF',
      owner: 'ben',
    });
    expect(readiness(converted(yaml, byHand))).toEqual(['decision']);
    expect(
      readiness(converted(yaml, decide('auth-url', 'http://auth.example.org/check', { kind: 'later' }))),
    ).toEqual(['blocked']);
  });

  it('leave an Ingress out whole and say so', () => {
    const skip = decide(
      'limit-rps',
      '5',
      { kind: 'skip' },
      { scope: { kind: 'ingress', ingress: 'demo/api' } },
    );
    const result = converted(limited, skip);
    expect(routesOf(result, 'b.example.com')).toEqual([]);
    expect(routesOf(result, 'a.example.com')).not.toEqual([]);
    expect(messagesOf(result, 'decisions/skipped')).toEqual([
      'The Ingress demo/api was left out by a decision of anna: agreed; nothing of it was converted.',
    ]);
    expect(codesOf(result)).not.toContain('ingress/not-selected');
    const own = result.outcomes.filter(({ subject }) => subject.origin.source.ref.name === 'api');
    expect(own.length).toBe(
      converted(limited).outcomes.filter(({ subject }) => subject.origin.source.ref.name === 'api').length,
    );
    expect(own.every(({ decision }) => decision?.choice.kind === 'skip')).toBe(true);
  });

  it('are not obeyed when the value has changed, and say so', () => {
    const group = { kind: 'group' as const, ingresses: ['demo/api', 'demo/gone', 'demo/web'] };
    const result = converted(limited, decide('limit-rps', '10', { kind: 'leave-out' }, { scope: group }));
    expect(messagesOf(result, 'decisions/stale')).toHaveLength(2);
    expect(messagesOf(result, 'decisions/unused')).toEqual([
      'The decision of anna about nginx.ingress.kubernetes.io/limit-rps (leave-out) is of no use here: there is no Ingress demo/gone in the input.',
    ]);
    expect(outputStream(result.objects)).toBe(outputStream(converted(limited).objects));
    expect(result.outcomes).toEqual(
      converted(limited).outcomes.map((one) => expect.objectContaining({ status: one.status })),
    );
  });

  it('of a narrow scope win over those of a wide one', () => {
    const wide = decide('limit-rps', '5', { kind: 'leave-out' });
    const narrow = decide(
      'limit-rps',
      '5',
      { kind: 'manual', note: 'gateway limit', owner: '' },
      { scope: { kind: 'ingress', ingress: 'demo/web' } },
    );
    const result = converted(limited, wide, narrow);
    const kinds = result.outcomes.flatMap(({ subject, decision }) =>
      subject.name.endsWith('limit-rps') ? [[subject.origin.source.ref.name, decision?.choice.kind]] : [],
    );
    expect(kinds.sort()).toEqual([
      ['api', 'leave-out'],
      ['web', 'manual'],
    ]);
  });
});
