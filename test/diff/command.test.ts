import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../cli/fake-terminal.ts';
import { shop, world } from '../cluster/world.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { shopDump } from './dump.ts';

describe('diff', () => {
  it('sets each setting of an Ingress, in its order, against the parts of the objects that it became', async () => {
    const { code, stdout } = await runHere(['diff', '-'], { stdin: shopDump });
    expect(code).toBe(0);
    const [, section = ''] = stdout.split(
      '@@ Ingress shop/web → Gateway, VirtualService, AuthorizationPolicy @@\n',
    );
    const own = section.split('\n@@')[0]!;
    const settings = [...own.matchAll(/^- (\d+): (\w+) (\S+)/gm)];
    const lines = settings.map(([, line]) => Number(line));
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
    expect(own).toMatch(
      /- \d+: annotation whitelist-source-range = .*\n\+ converted.*\n\+ {3}AuthorizationPolicy .*\n/,
    );
    expect(own).toMatch(/- \d+: path .*\n\+ converted\n\+ {3}VirtualService shop\/.*, spec\.http ".*"/);
    // A part is shown once.
    const names = [...own.matchAll(/^\+ {3}(VirtualService .*, spec\.http ".*")$/gm)].map(([, name]) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(stdout).toMatch(/^- \d+: annotation canary-weight/m);
  });

  it('writes Markdown and HTML', async () => {
    const markdown = await runHere(['diff', '-', '--view', 'routes', '--format', 'md'], { stdin: shopDump });
    expect(markdown.stdout).toMatch(/^# How requests are routed/);
    expect(markdown.stdout).toContain('```diff\n');
    const html = await runHere(['diff', '-', '--format', 'html', '--side-by-side'], { stdin: shopDump });
    expect(html.stdout).toMatch(/^<!doctype html>/);
  });

  it('compares with an earlier output, and tells by its exit code', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'dump.yaml'), shopDump);
    const dump = join(directory, 'dump.yaml');
    const out = join(directory, 'out');
    await runHere(['convert', dump, '-o', out, '--fail-on', 'never'], { directory });
    const same = await runHere(['diff', dump, '--against', out, '--exit-code'], { directory });
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringContaining('To create: 0, to change: 0, to delete: 0'),
    ]);
    const dumpNow = join(directory, 'now.yaml');
    writeFileSync(dumpNow, shopDump.replace('"20"', '"30"'));
    const changed = await runHere(['diff', dumpNow, '--against', out, '--exit-code'], { directory });
    expect(changed.code).toBe(1);
    expect(changed.stdout).toContain('+ spec.http[root.secure].route[1].weight: 30');
  });

  it('compares with a live cluster', async () => {
    const objects = { ...shop(), '/apis/networking.istio.io/v1/virtualservices': [] };
    const { env, server } = await world(objects);
    const { code, stdout } = await runHere(['diff', '-', '--against', 'cluster', '--exit-code'], {
      env,
      stdin: shopDump,
    });
    expect(code).toBe(1);
    expect(stdout).toContain('create VirtualService.networking.istio.io shop/shop-example-com');
    expect(server.requests.some((request) => /\/(?:secrets|ingresses|services)\b/.test(request))).toBe(false);
  });

  it.each([
    [['diff', '-', '--view', 'routes', '--against', 'input'], /exclude each other/],
    [['diff', '-', '--against', '/nowhere'], /nothing whole to compare with/],
    [['diff', '-', '--view', 'nonsense'], /Invalid values/],
    [['diff', '-', '--format', 'pdf'], /Invalid values/],
  ])('refuses %j', async (args, said) => {
    const { code, stdout, stderr } = await runHere(args, { stdin: shopDump });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(said);
  });
});
