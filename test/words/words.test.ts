import { describe, expect, it } from 'vitest';
import { glossary } from './glossary.ts';
import { type Sentence, sentencesOf, sentencesOfSource } from './sentences.ts';

/** Class names and codes in what is else text; codes stay. */
const codes = /left-alone|https-lost|path\/lost|stand-in|beside-if|backend-alone/g;

function wrong(sentences: readonly Sentence[]): string[] {
  return sentences.flatMap(({ file, text }) =>
    glossary
      .filter(([word]) => word.test(text.replace(codes, '')))
      .map(([word, instead]) => `${file}: ${word} → ${instead}: ${text.trim().slice(0, 200)}`),
  );
}

describe('no sentence that a person reads uses a word of the glossary', () => {
  it.each<[string, () => Sentence[]]>([
    ['the program', sentencesOfSource],
    ['its schemas', () => sentencesOf('src', /schema\.json$/)],
    ['mappings', () => sentencesOf('mappings', /\.yaml$/)],
    [
      'README, CHANGELOG, and CONTRIBUTING',
      () => sentencesOf('.', /^(?:README|CHANGELOG|CONTRIBUTING)\.md$/),
    ],
    ['docs', () => sentencesOf('docs', /\.md$/)],
  ])('in %s', (_, sentences) => {
    const all = sentences();
    expect(all.length).toBeGreaterThan(30);
    expect(wrong(all)).toEqual([]);
  });

  it('finds such words, and leaves codes and their parts alone', () => {
    const of = (text: string) => wrong([{ file: 'x', text }]).length;
    expect(of('The location answers 503 until somebody decides.')).toBe(2);
    expect(of('tls/https-lost and left-alone are codes.')).toBe(0);
    expect(of('The route returns 503 until you choose an option.')).toBe(0);
  });
});
