import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import { temporaryDirectory } from '../output/temporary.ts';
import { built, root, run } from './built.ts';
import { pythonPrograms } from './python.ts';

let bin: string;
beforeAll(() => {
  bin = pythonPrograms();
}, 600_000);

const env = { PATH: process.env['PATH']!, HOME: process.env['HOME'] ?? '/' };

/** The first block of a page in this language. */
function block(page: string, language: 'yaml' | 'sh'): string {
  const text = readFileSync(join(root, 'docs/how-to', page), 'utf8');
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
}

/** This repository with what isn't committed yet, as a commit of its own. */
function clone(): { readonly folder: string; readonly commit: string } {
  const folder = join(temporaryDirectory(), 'ingress2istio');
  const git = (...args: readonly string[]): string =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  mkdirSync(folder);
  const files = execFileSync('git', ['-C', root, 'ls-files', '-co', '--exclude-standard', '-z']);
  execFileSync(
    'sh',
    ['-c', `cd "$1" && tar c --null --ignore-failed-read -T - | tar x -C "$2"`, 'sh', root, folder],
    {
      input: files,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'All');
  return { folder, commit: git('rev-parse', 'HEAD').trim() };
}

describe('files for pipelines fit the schemas of what reads them', () => {
  it.each([
    ['vendor.github-actions', 'action.yml', () => readFileSync(join(root, 'action.yml'), 'utf8')],
    ['vendor.github-workflows', 'workflow.yml', () => block('pipelines-github.md', 'yaml')],
    [
      'vendor.gitlab-ci',
      'job.yml',
      () => readFileSync(join(root, 'docs/how-to/ingress2istio.gitlab-ci.yml'), 'utf8'),
    ],
    ['vendor.gitlab-ci', 'include.yml', () => block('pipelines-gitlab.md', 'yaml')],
  ])('%s: %s', (schema, name, text) => {
    const file = join(temporaryDirectory(), name);
    const check = (content: string) => {
      writeFileSync(file, content);
      return run(join(bin, 'check-jsonschema'), ['--builtin-schema', schema, file], root, env);
    };
    expect(check(text())).toMatchObject({ status: 0 });
    expect(check(text().replace(/^(runs|on|include|\w+):/m, 'wrong: [1]\n$1-wrong:')).status).not.toBe(0);
  });

  it('the hooks of pre-commit', () => {
    const hooks = ['validate-manifest', join(root, '.pre-commit-hooks.yaml')];
    expect(run(join(bin, 'pre-commit'), hooks, root, env)).toMatchObject({ status: 0 });
  });
});

describe('pre-commit', () => {
  it('builds the hooks from the repository, and runs both as the page says', { timeout: 1_800_000 }, () => {
    const { folder, commit } = clone();
    const directory = temporaryDirectory();
    const config = parse(block('pipelines-pre-commit.md', 'yaml'));
    Object.assign(config.repos[0], { repo: `file://${folder}`, rev: commit });
    writeFileSync(join(directory, '.pre-commit-config.yaml'), JSON.stringify(config));
    mkdirSync(join(directory, 'manifests'));
    const place = join(directory, 'manifests/ingress.yaml');
    copyFileSync(join(root, 'samples/whole-cluster/input.yaml'), place);
    const own = { ...env, PATH: `${bin}:${env.PATH}`, PRE_COMMIT_HOME: join(directory, 'home') };
    const shell = (command: string) => run('bash', ['-ec', command], directory, own);
    shell('git init --quiet && git add manifests .pre-commit-config.yaml');
    const command = block('pipelines-pre-commit.md', 'sh');

    const first = shell(command);
    expect(first.stdout).toMatch(/^ingress2istio report\.+Failed$/m);
    expect(first.stdout).toContain('manifests/ingress.yaml:68:48');
    expect(first.stdout).toMatch(/^ingress2istio convert\.+Passed$/m);
    expect(first.status).toBe(1);

    shell('git add istio');
    writeFileSync(place, readFileSync(place, 'utf8').replaceAll('shop.example.org', 'other.example.com'));
    const changed = shell(`git add manifests; ${command}`);
    expect(changed.stdout).toMatch(/^ingress2istio convert\.+Failed$/m);
    expect(changed.stdout).toContain('files were modified by this hook');
  });
});

describe('npm', () => {
  it('builds a checkout as the action does', { timeout: 1_800_000 }, () => {
    const { folder } = clone();
    const action = readFileSync(join(root, 'action.yml'), 'utf8');
    const [command = ''] = /npm ci .*/.exec(action) ?? [];
    expect(command).toContain('"$GITHUB_ACTION_PATH"');
    const own = { ...env, GITHUB_ACTION_PATH: folder };
    expect(run('bash', ['-ec', command], temporaryDirectory(), own)).toMatchObject({ status: 0 });
    expect(run('node', [join(folder, 'dist/cli.js'), '--version'], folder, env).stdout).toMatch(
      new RegExp(`^${manifest.version}\n`),
    );
  });

  it("installs the package as GitLab's job does, with completion for kubectl and the manual page", () => {
    const job = parse(readFileSync(join(root, 'docs/how-to/ingress2istio.gitlab-ci.yml'), 'utf8'));
    const directory = temporaryDirectory();
    const own = { ...env, npm_config_prefix: directory, INGRESS2ISTIO_PACKAGE: built.package };
    expect(run('bash', ['-ec', job.ingress2istio.before_script.join('\n')], directory, own)).toMatchObject({
      status: 0,
    });
    const program = (name: string, ...args: readonly string[]): string =>
      run(join(directory, 'bin', name), args, directory, env).stdout;
    expect(program('ingress2istio', '--version')).toContain(manifest.version);
    expect(program('kubectl_complete-ingress2istio', 'expl')).toBe('explain\n:4\n');
    const manual = readFileSync(join(directory, 'share/man/man1/ingress2istio.1'), 'utf8');
    expect(manual).toContain('.Dt INGRESS2ISTIO 1');
  });
});
