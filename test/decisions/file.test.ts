import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDecisions, loadDecisionsIfThere, saveDecisions } from '../../src/decisions/file.ts';
import { fingerprintOf } from '../../src/decisions/fingerprint.ts';
import { mergeDecisions } from '../../src/decisions/merge.ts';
import { readDecisions } from '../../src/decisions/read.ts';
import { writeDecisions } from '../../src/decisions/write.ts';
import { type Decision, keyOf, sortDecisions } from '../../src/domain/decision.ts';
import { KnownError } from '../../src/domain/errors.ts';
import { decide, prefix, randomDecision } from './decision.ts';

const directory = mkdtempSync(join(tmpdir(), 'decisions-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** One of each key, as a file holds them. */
const randomFile = fc
  .array(randomDecision, { maxLength: 8 })
  .map((all) => sortDecisions([...new Map(all.map((one) => [keyOf(one), one])).values()]));

function errorOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KnownError) return error.message;
    throw error;
  }
  return '';
}

describe('the decisions file', () => {
  it('reads back what it wrote, byte for byte the same in any order', () => {
    fc.assert(
      fc.property(randomFile, fc.infiniteStream(fc.nat()), (decisions, numbers) => {
        const text = writeDecisions(decisions);
        const shuffled = decisions
          .map((one) => ({ one, key: numbers.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(writeDecisions(shuffled)).toBe(text);
        expect(readDecisions(text, 'd.yaml')).toEqual(decisions);
      }),
    );
  });

  it('can be written by hand, with a value in place of its fingerprint', () => {
    const text = `schema: ingress2istio/decisions/v1
decisions:
- annotation: nginx.ingress.kubernetes.io/auth-url
  is: http://auth.example.com
  scope: {namespace: shop}
  choice: opt-in
  use: {extAuthProvider: oauth}
  by: anna
  at: 2026-03-01T09:00:00Z
`;
    expect(readDecisions(text, 'd.yaml')).toEqual([
      decide(
        'auth-url',
        'http://auth.example.com',
        { kind: 'opt-in', use: { extAuthProvider: 'oauth' } },
        { scope: { kind: 'namespace', namespace: 'shop' }, why: '' },
      ),
    ]);
  });

  const entry = (lines: string): string =>
    `schema: ingress2istio/decisions/v1\ndecisions:\n- by: anna\n  at: 2026-03-01T09:00:00Z\n${lines}`;
  it.each([
    ['a: [', 'd.yaml:1:5'],
    ['schema: other\ndecisions: []\n', 'd.yaml:1:9 schema must be "ingress2istio/decisions/v1"'],
    [entry('  scope: everywhere\n  choice: acept\n  finding: a/b\n'), 'd.yaml:6:11 choice takes one of'],
    [entry('  scope: everywhere\n  choice: accept\n'), 'names neither an annotation nor a finding'],
    [entry('  scope: here\n  choice: accept\n  finding: a/b\n'), 'd.yaml:5:10 scope'],
    [entry('  scope: everywhere\n  choice: accept\n  annotation: a/b\n'), 'needs is or fingerprints'],
    [entry('  scope: everywhere\n  choice: value\n  finding: a/b\n'), 'value needs an annotation'],
    [entry('  scope: everywhere\n  choice: manual\n  finding: a/b\n'), 'manual needs a note'],
    [entry('  scope: everywhere\n  choice: skip\n  finding: a/b\n'), "skip can't apply everywhere"],
    [
      entry(`  scope: everywhere\n  choice: leave-out\n  annotation: ${prefix}auth-url\n  is: x\n`),
      'so it needs why',
    ],
    [
      `${entry('  scope: everywhere\n  choice: accept\n  finding: a/b\n')}- {by: b, at: "2026-03-01T09:00:00Z", scope: everywhere, choice: later, finding: a/b}\n`,
      'd.yaml:8:3 decides what decision 1',
    ],
    ['schema: ingress2istio/decisions/v1\ndecisions: []\n__proto__: 1\n', 'unknown key'],
  ])('says where %j is wrong', (text, message) => {
    expect(errorOf(() => readDecisions(text, 'd.yaml'))).toContain(message);
  });

  it('is replaced at once and leaves nothing beside it', () => {
    const decisions = [decide('auth-url', 'x', { kind: 'accept' })];
    expect(loadDecisionsIfThere('d.yaml', directory)).toEqual([]);
    saveDecisions('d.yaml', directory, decisions);
    saveDecisions('d.yaml', directory, decisions);
    expect(loadDecisions('d.yaml', directory)).toEqual(decisions);
    expect(readdirSync(directory)).toEqual(['d.yaml']);
  });

  it('stays as it was where it cannot be written', () => {
    const path = join(directory, 'kept.yaml');
    writeFileSync(path, 'kept');
    expect(errorOf(() => saveDecisions('kept.yaml/d.yaml', directory, []))).toContain('a part of the path');
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });
});

describe('a fingerprint', () => {
  it('looks at white space only where nginx does', () => {
    const snippet = `${prefix}server-snippet`;
    expect(fingerprintOf(snippet, 'a  b;\n c;')).toBe(fingerprintOf(snippet, ' a b; c;\n'));
    expect(fingerprintOf(`${prefix}auth-url`, 'a  b')).not.toBe(fingerprintOf(`${prefix}auth-url`, 'a b'));
  });
});

describe('merging', () => {
  const conflicting = (decisions: readonly Decision[]): string[] => decisions.map(keyOf).sort();

  it('does not ask whose file came first, and changes nothing that it has seen', () => {
    fc.assert(
      fc.property(randomFile, randomFile, (one, other) => {
        const merged = mergeDecisions(one, other);
        const turned = mergeDecisions(other, one);
        expect(turned.decisions).toEqual(merged.decisions);
        expect(conflicting(turned.conflicts.map((conflict) => conflict.one))).toEqual(
          conflicting(merged.conflicts.map((conflict) => conflict.one)),
        );
        expect(mergeDecisions(one, one)).toEqual({ decisions: one, conflicts: [] });
        expect(mergeDecisions(one, [])).toEqual({ decisions: one, conflicts: [] });
      }),
    );
  });

  it('loses no decision but those that it tells', () => {
    fc.assert(
      fc.property(randomFile, randomFile, (one, other) => {
        const { decisions, conflicts } = mergeDecisions(one, other);
        const kept = new Set([...decisions, ...conflicts.map((conflict) => conflict.one)].map(keyOf));
        expect([...one, ...other].filter((decision) => !kept.has(keyOf(decision)))).toEqual([]);
      }),
    );
  });

  it('takes a decision over one for later, and neither of two that differ', () => {
    const later = decide('auth-url', 'x', { kind: 'later' });
    const accept = decide('auth-url', 'x', { kind: 'accept' });
    const leave = decide('auth-url', 'x', { kind: 'leave-out' });
    expect(mergeDecisions([later], [accept])).toEqual({ decisions: [accept], conflicts: [] });
    expect(mergeDecisions([leave], [accept])).toEqual({
      decisions: [],
      conflicts: [{ one: leave, other: accept }],
    });
  });
});
