import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effortOf } from '../../src/conversion/effort.ts';
import { questionsOf } from '../../src/conversion/questions.ts';
import { evenSpace } from '../../src/conversion/subject.ts';
import type { ModelIngress } from '../../src/nginx/model.ts';
import { fakeConversion, fakeFinding, fakeIngress, fakeOutcome, fakeServer } from '../report/fake.ts';

const prefix = 'nginx.ingress.kubernetes.io/';

function ingressWith(name: string, annotations: Record<string, string> = {}): ModelIngress {
  const fake = fakeIngress(name);
  const ingress = { ...fake.ingress, annotations: new Map(Object.entries(annotations)) };
  return { ...fake, ingress };
}

const at = (key: string) => ['metadata', 'annotations', key];
const keys = (questions: readonly { key: string }[]) => questions.map(({ key }) => key);

describe('like questions', () => {
  it('are one for a snippet in forty Ingresses, however it is indented', () => {
    const key = `${prefix}configuration-snippet`;
    const ingresses = Array.from({ length: 40 }, (_, index) =>
      ingressWith(`shop/i${index}`, { [key]: index % 2 === 0 ? 'deny all;' : '\n  deny\tall;\n' }),
    );
    const outcomes = ingresses.map((ingress) => fakeOutcome(ingress, 'manual', { name: key }));
    const questions = questionsOf(fakeConversion({ ingresses, outcomes }), []);
    expect(keys(questions)).toEqual([`snippet ${key}: deny all;`]);
    expect(questions[0]).toMatchObject({ level: 'work', kind: 'snippet' });
    expect(questions[0]?.ingresses).toHaveLength(40);
    expect(questions[0]?.outcomes).toHaveLength(40);
  });

  it('are two for snippets that differ in more than space, even far behind', () => {
    const key = `${prefix}server-snippet`;
    const long = `set $x "${'a'.repeat(500)}`;
    const ingresses = [
      ingressWith('a/a', { [key]: `${long}1";` }),
      ingressWith('a/b', { [key]: `${long}2";` }),
    ];
    const outcomes = ingresses.map((ingress) => fakeOutcome(ingress, 'opt-in', { name: key, value: long }));
    expect(questionsOf(fakeConversion({ ingresses, outcomes }), [])).toHaveLength(2);
  });

  it('are one for an annotation with one value, and one more for each other value', () => {
    const key = `${prefix}enable-modsecurity`;
    const ingresses = ['on', 'on', 'off'].map((value, index) => ingressWith(`a/${index}`, { [key]: value }));
    const outcomes = ingresses.map((ingress) => fakeOutcome(ingress, 'opt-in', { name: key }));
    const questions = questionsOf(fakeConversion({ ingresses, outcomes }), []);
    expect(keys(questions)).toEqual([`annotation ${key}: on`, `annotation ${key}: off`]);
  });

  it('are one for a code, whatever the values', () => {
    const key = `${prefix}proxy-read-timeout`;
    const ingresses = ['60', '300'].map((value, index) => ingressWith(`a/${index}`, { [key]: value }));
    const findings = ingresses.map((ingress) =>
      fakeFinding('warning', { code: 'timeouts/total', at: ingress, path: at(key) }),
    );
    const questions = questionsOf(fakeConversion({ ingresses, findings }), findings);
    expect(keys(questions)).toEqual(['finding timeouts/total']);
    expect(questions[0]?.ingresses).toEqual(['a/0', 'a/1']);
  });

  it('are kept apart by annotation for the general codes', () => {
    const ingresses = [ingressWith('a/a', { x: '1', y: '1' })];
    const findings = ['x', 'y'].map((key) =>
      fakeFinding('warning', { code: 'annotation/manual', at: ingresses[0]!, path: at(key) }),
    );
    const questions = questionsOf(fakeConversion({ ingresses, findings }), findings);
    expect(keys(questions)).toEqual(['annotation x: 1', 'annotation y: 1']);
  });

  it('put a subject to the finding that stands at its place', () => {
    const key = `${prefix}proxy-send-timeout`;
    const ingress = ingressWith('a/a', { [key]: '7' });
    const note = fakeFinding('note', { code: 'timeouts/send', at: ingress, path: at(key) });
    const outcome = fakeOutcome(ingress, 'opt-in', { name: key });
    const conversion = fakeConversion({ ingresses: [ingress], outcomes: [outcome], findings: [note] });
    expect(questionsOf(conversion, [note])).toMatchObject([
      { key: 'finding timeouts/send', level: 'decision', outcomes: [outcome], findings: [note] },
    ]);
  });

  it('put a closed path to the error of its Ingress', () => {
    const ingress = ingressWith('a/a');
    const error = fakeFinding('error', { code: 'auth/closed', at: ingress, path: at('auth-url') });
    const outcome = fakeOutcome(ingress, 'closed', { name: 'a.example.com/' });
    const conversion = fakeConversion({ ingresses: [ingress], outcomes: [outcome], findings: [error] });
    expect(keys(questionsOf(conversion, [error]))).toEqual(['finding auth/closed']);
  });

  it('name the Ingresses of a host', () => {
    const ingresses = [ingressWith('a/b'), ingressWith('a/a'), ingressWith('z/far')];
    const servers = [fakeServer('a.example.com', ingresses[0]!, ingresses[1]!)];
    const finding = fakeFinding('warning', { scope: { kind: 'host', host: 'a.example.com' } });
    const questions = questionsOf(fakeConversion({ ingresses, servers }), [finding]);
    expect(questions[0]?.ingresses).toEqual(['a/a', 'a/b']);
  });

  it('come with work first, then by how many Ingresses ask', () => {
    const ingresses = [ingressWith('a/a'), ingressWith('a/b')];
    const [one, two] = ingresses as [ModelIngress, ModelIngress];
    const findings = [
      fakeFinding('error', { code: 'x/rare', at: one }),
      fakeFinding('warning', { code: 'x/once', at: one }),
      fakeFinding('warning', { code: 'x/twice', at: one }),
      fakeFinding('warning', { code: 'x/twice', at: two }),
      fakeFinding('note', { code: 'x/note', at: two }),
    ];
    const questions = questionsOf(fakeConversion({ ingresses, findings }), findings);
    expect(questions.map(({ level, name }) => [level, name])).toEqual([
      ['work', 'x/rare'],
      ['decision', 'x/twice'],
      ['decision', 'x/once'],
    ]);
  });

  it('do not depend on the order of the input', () => {
    const ingresses = Array.from({ length: 6 }, (_, index) =>
      ingressWith(`a/${index}`, { v: String(index % 3) }),
    );
    const outcomes = ingresses.map((ingress) => fakeOutcome(ingress, 'manual', { name: 'v' }));
    const expected = keys(questionsOf(fakeConversion({ ingresses, outcomes }), []));
    fc.assert(
      fc.property(fc.shuffledSubarray(outcomes, { minLength: outcomes.length }), (shuffled) => {
        expect(keys(questionsOf(fakeConversion({ ingresses, outcomes: shuffled }), []))).toEqual(expected);
      }),
    );
  });
});

describe('the effort', () => {
  it('counts each subject once: automatic, or settled by a question', () => {
    const ingress = ingressWith('a/a', { x: '1', y: '2' });
    const warning = fakeFinding('warning', { code: 'x/warn', at: ingress, path: at('y') });
    const conversion = fakeConversion({
      ingresses: [ingress],
      outcomes: [
        fakeOutcome(ingress, 'converted'),
        fakeOutcome(ingress, 'not-needed'),
        fakeOutcome(ingress, 'converted', { name: 'y' }),
        fakeOutcome(ingress, 'manual', { name: 'x' }),
      ],
      findings: [warning],
    });
    const effort = effortOf(conversion, [warning]);
    expect([effort.subjects, effort.automatic]).toEqual([4, 2]);
    expect(keys(effort.decisions)).toEqual(['finding x/warn']);
    expect(keys(effort.work)).toEqual(['annotation x: 1']);
  });
});

it('evens out white space', () => expect(evenSpace('\n a\t b \r\n')).toBe('a b'));
