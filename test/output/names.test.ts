import { join, normalize } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputPath } from '../../src/output/names.ts';

describe('outputPath', () => {
  it.each([
    ['shop.example.com', 'shop.example.com.yaml'],
    ['mesh/mesh-config', 'mesh/mesh-config.yaml'],
    ['../../etc/passwd', '%2e./%2e./etc/passwd.yaml'],
    ['/etc/passwd', 'etc/passwd.yaml'],
    ['.git/config', '%2egit/config.yaml'],
    ['kustomization', 'kustomization_.yaml'],
    ['*.example.com', '%2a.example.com.yaml'],
    ['a\\b\0c', 'a%5cb%00c.yaml'],
    ['', '_.yaml'],
    ['é', '%c3%a9.yaml'],
  ])('%j', (name, expected) => expect(outputPath(name)).toBe(expected));

  it('shortens what no file system takes, and keeps two of them apart', () => {
    const [one, two] = [outputPath(`${'a'.repeat(253)}b`), outputPath(`${'a'.repeat(253)}c`)];
    expect(one.length).toBeLessThan(240);
    expect(one).not.toBe(two);
  });

  it('never leaves the directory, hides a file or takes the place of one of ours', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '', '~', 'a', '\\', 'kustomization'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = outputPath(parts.join('/'));
        expect(normalize(join('/out', path))).toBe(`/out/${path}`);
        for (const step of path.split('/')) expect(step).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9._%-]{0,240}$/);
        expect(path).not.toBe('kustomization.yaml');
      }),
    );
  });
});
