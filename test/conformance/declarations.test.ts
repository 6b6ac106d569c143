import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { FindingType } from '../../src/domain/findings.ts';

/** Every type that any module of the project declares, exported or not. */
const declared = vi.hoisted(() => [] as FindingType[]);

vi.mock('../../src/domain/findings.ts', async (original) => ({
  ...(await original<typeof import('../../src/domain/findings.ts')>()),
  findingType: (type: FindingType) => {
    declared.push(type);
    return type;
  },
}));

/** The script of the HTML report acts on the page as soon as it is loaded. */
const runsInBrowser = /^report\/html\/client\b/;

beforeAll(async () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }).sort()) {
    // The command line runs as soon as it is loaded; what it needs is loaded by itself.
    if (/\.tsx?$/.test(file) && file !== 'cli.ts' && !runsInBrowser.test(file))
      await import(join(source, file));
  }
}, 60_000);

describe('the codes of findings', () => {
  it('may declare the fields that are committed, and no others (npx vitest run test/conformance -u)', async () => {
    const lines = declared.map(({ code, fields }) => `${code}: ${[...fields].sort().join(', ')}`.trimEnd());
    const text = [...lines.sort(), ''].join('\n');
    await expect(text).toMatchFileSnapshot('declarations.txt');
  });

  it('are unique, and written group/kebab-name', () => {
    const codes = declared.map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(codes.filter((code) => !/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(code))).toEqual(
      [],
    );
  });

  it('name every field in full', () => {
    const field =
      /^(status|location|upstream|path|method|host|share|side-requests|certificate|connection|(request|response)-header:[a-z0-9_-]+|request-header:\(underscore\))$/;
    expect(declared.flatMap(({ fields }) => fields).filter((name) => !field.test(name))).toEqual([]);
  });
});
