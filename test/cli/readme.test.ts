import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { choices } from '../../src/config/choices.ts';
import { layerOfText } from '../../src/config/file.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('has a line for every choice, in their order', () => {
    const rows = [...readme.matchAll(/^\| `--(?:no-)?([a-z-]+)[^`]*` +\| `([A-Za-z.]+)` +\|/gm)];
    expect(rows.map(([, flag, key]) => [flag, key])).toEqual(choices.map(({ flag, key }) => [flag, key]));
  });

  it('shows a config file that is one', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(layerOfText(example, 'README.md').get('gateway.namespace')).toBe('istio-ingress');
  });

  it('names only scripts and files that exist', () => {
    for (const [, script = ''] of readme.matchAll(/npm run ([a-z]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(script);
    }
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    const paths = [...links, ...readme.matchAll(/convert (samples\/\S+)/g)].map((path) =>
      typeof path === 'string' ? path : path[1]!,
    );
    expect(paths.length).toBeGreaterThan(3);
    for (const path of paths) {
      expect(() => readFileSync(new URL(`../../${path}`, import.meta.url))).not.toThrow();
    }
  });
});
