import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { FindingType } from '../src/domain/findings.ts';

/** Every type that any module declares. */
const declared = vi.hoisted(() => [] as FindingType[]);

vi.mock('../src/domain/findings.ts', async (original) => ({
  ...(await original<typeof import('../src/domain/findings.ts')>()),
  findingType: (type: FindingType) => {
    declared.push(type);
    return type;
  },
}));

let table: readonly FindingType<never>[] = [];

/** The script of the HTML report acts on the page as soon as it is loaded. */
const runsInBrowser = /^report\/html\/client\b/;

beforeAll(async () => {
  const source = fileURLToPath(new URL('../src', import.meta.url));
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.tsx?$/.test(file) && file !== 'cli.ts' && !runsInBrowser.test(file))
      await import(join(source, file));
  }
  ({ findingTypes: table } = await import('../src/finding-types.ts'));
}, 60_000);

describe('the table of finding types', () => {
  it('has every type that is declared, once', () => {
    expect(table.map(({ code }) => code)).toEqual(declared.map(({ code }) => code).sort());
  });

  it('documents each: a summary that is a sentence, with no value in it', () => {
    const wrong = table.filter(
      ({ summary }) => !/^[A-Z“"'`$][^\n]*[.]$/.test(summary) && !/^[a-z-]+ /.test(summary),
    );
    expect(wrong.map(({ code, summary }) => `${code}: ${summary}`)).toEqual([]);
    expect(table.filter(({ summary }) => !summary.endsWith('.')).map(({ code }) => code)).toEqual([]);
  });

  it('links to pages on the web alone', () => {
    expect(
      table.filter(({ url }) => url !== undefined && !url.startsWith('https://')).map(({ code }) => code),
    ).toEqual([]);
  });

  it('gives a way out for everything that is worse than a note', () => {
    // A remedy may use its arguments; asked without any it must still be made of sentences, or fail on the missing value.
    const silent = table.filter(({ severity, remedy }) => {
      if (severity === 'note') return false;
      const said = attempt(() => remedy(anything as never));
      return said === '' || (said !== undefined && !/[.?)]$/.test(said));
    });
    expect(silent.map(({ code }) => code)).toEqual([]);
  });
});

/** Stands for whatever a remedy asks of its arguments. */
const anything: unknown = new Proxy(() => 'x', {
  get: (_target, key) => (key === Symbol.toPrimitive ? () => 'x.' : anything),
  apply: () => 'x.',
});

function attempt(act: () => string): string | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
