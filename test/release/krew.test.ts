import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { contentsOf, temporaryDirectory } from '../output/temporary.ts';
import { built, cache, onlyPrograms, run } from './built.ts';

const krewVersion = 'v0.4.3';
const bin = join(cache, `krew-${krewVersion}`);

beforeAll(() => {
  for (const program of ['krew', 'validate-krew-manifest'])
    execFileSync('go', ['install', `sigs.k8s.io/krew/cmd/${program}@${krewVersion}`], {
      env: { ...process.env, GOBIN: bin },
      stdio: 'pipe',
    });
}, 600_000);

it('is a manifest that the index of krew accepts', () => {
  const checked = run(
    join(bin, 'validate-krew-manifest'),
    ['-manifest', built.krewManifest, '-skip-install'],
    cache,
  );
  expect(checked).toMatchObject({ status: 0 });
});

it('names the archive as it is', () => {
  const [platform] = parse(readFileSync(built.krewManifest, 'utf8')).spec.platforms;
  const sums = readFileSync(built.checksums, 'utf8');
  expect(sums).toContain(`${platform.sha256}  ${platform.uri.split('/').pop()}\n`);
  expect(() =>
    execFileSync('sha256sum', ['--check', '--strict', built.checksums], {
      cwd: join(built.checksums, '..'),
      stdio: 'pipe',
    }),
  ).not.toThrow();
});

it('installs as a plugin that kubectl runs without Node', () => {
  const directory = temporaryDirectory();
  const krewRoot = join(directory, 'krew');
  const installed = run(
    join(bin, 'krew'),
    ['install', '--manifest', built.krewManifest, '--archive', built.archive],
    directory,
    { KREW_ROOT: krewRoot, HOME: directory, PATH: '/usr/bin:/bin' },
  );
  expect(installed).toMatchObject({ status: 0 });
  const store = Object.keys(contentsOf(join(krewRoot, 'store', 'ingress2istio', `v${manifest.version}`)));
  expect(store).toEqual([
    'LICENSE',
    'THIRD-PARTY-NOTICES.txt',
    'ingress2istio',
    'ingress2istio.1',
    'kubectl_complete-ingress2istio',
  ]);

  const kubectl = onlyPrograms(directory, 'kubectl');
  const env = { PATH: `${join(krewRoot, 'bin')}:${kubectl}`, HOME: directory };
  expect(run(join(kubectl, 'kubectl'), ['ingress2istio', '--version'], directory, env).stdout).toMatch(
    new RegExp(`^${manifest.version}\n`),
  );
  expect(run(join(kubectl, 'kubectl'), ['ingress2istio', '--help'], directory, env).stdout).toContain(
    'kubectl ingress2istio convert ',
  );
});
