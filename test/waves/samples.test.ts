import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runHere } from '../cli/fake-terminal.ts';
import { contentsOf, temporaryDirectory } from '../output/temporary.ts';

/** Samples with a plan file also have its tickets, and their output by waves. `UPDATE=1` writes them anew. */
const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const planned = readdirSync(samples)
  .filter((name) => existsSync(join(samples, name, 'ingress2istio.plan.yaml')))
  .sort();

describe.each(planned)('sample %s', (name) => {
  test.each([
    ['tickets', ['plan', '--prometheus']],
    ['istio', ['convert', '--layout', 'wave', '--gitops', 'flux']],
  ])('%s', async (result, [command = '', ...flags]) => {
    const directory = temporaryDirectory();
    for (const file of ['input.yaml', 'ingress2istio.plan.yaml'])
      cpSync(join(samples, name, file), join(directory, file));
    const [input, output] = [join(directory, 'input.yaml'), join(directory, result)];
    const { stderr } = await runHere([command, input, ...flags, '-o', output], { directory });
    expect(stderr).toContain('written');
    if (process.env['UPDATE'] === '1') {
      rmSync(join(samples, name, result), { recursive: true, force: true });
      for (const file of [result, 'ingress2istio.plan.yaml'])
        cpSync(join(directory, file), join(samples, name, file), { recursive: true });
    }
    expect(contentsOf(join(directory, result))).toEqual(contentsOf(join(samples, name, result)));
    expect(readFileSync(join(directory, 'ingress2istio.plan.yaml'), 'utf8')).toBe(
      readFileSync(join(samples, name, 'ingress2istio.plan.yaml'), 'utf8'),
    );
  });
});
