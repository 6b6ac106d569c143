import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import { place, root, theProgram } from './place.ts';

interface Job {
  readonly variables: Readonly<Record<string, string>>;
  readonly before_script: readonly string[];
  readonly script: readonly string[];
  readonly artifacts: {
    readonly paths: readonly string[];
    readonly reports: Readonly<Record<string, string>>;
  };
}

const { ingress2istio: job } = load(
  readFileSync(join(root, 'docs/how-to/ingress2istio.gitlab-ci.yml'), 'utf8'),
) as { ingress2istio: Job };

/** Runs the job's commands as GitLab does: as one script that ends at the first that fails. */
async function runJob(variables: Record<string, string>) {
  const here = place('whole-cluster');
  here.program('ingress2istio', theProgram);
  here.program('npm', 'printf "%s " "$@" > "$HOME/npm"');
  const script = [...job.before_script, ...job.script].join('\n');
  const ran = await here.run(script, { ...job.variables, ...variables });
  return { ...ran, read: (name: string) => readFileSync(join(here.directory, name), 'utf8') };
}

it.each([
  ['error', 1],
  ['never', 0],
])('writes all reports, and fails where --fail-on %s does', async (failOn, expected) => {
  const { code, read, output } = await runJob({
    INGRESS2ISTIO_PACKAGE: './ingress2istio.tgz',
    INGRESS2ISTIO_FAIL_ON: failOn,
    INGRESS2ISTIO_FLAGS: '--gateway-namespace=istio-ingress --istio-version=1.30',
  });
  expect([code, output]).toEqual([expected, expect.stringContaining('4 Ingresses: ')]);
  expect(read('npm')).toBe('install --global --no-audit --no-fund ./ingress2istio.tgz ');
  const { reports, paths } = job.artifacts;
  const issues = JSON.parse(read(reports['codequality']!));
  expect(issues[0]).toMatchObject({ type: 'issue', location: { path: 'manifests/ingress.yaml' } });
  expect(read(reports['junit']!)).toContain('<testsuites name="ingress2istio"');
  for (const path of paths) expect(read(path)).toContain('4 Ingresses: ');
});

it('installs nothing that nobody named', async () => {
  const { code, output } = await runJob({});
  expect(code).not.toBe(0);
  expect(output).toContain('INGRESS2ISTIO_PACKAGE: is not set');
});

it('has every variable that the page sets', () => {
  const page = readFileSync(join(root, 'docs/how-to/pipelines-gitlab.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const { ingress2istio } = load(example) as { ingress2istio: Pick<Job, 'variables'> };
  expect(Object.keys(ingress2istio.variables)).toEqual(Object.keys(job.variables));
});
