import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { type Place, place, root, theProgram } from './place.ts';

interface Step {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

const action = load(readFileSync(join(root, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
};

/** What a run of the action left. */
interface Ran {
  readonly code: number;
  readonly output: string;
  /** Actions of others, with their inputs. */
  readonly used: readonly (readonly [string, Readonly<Record<string, string>>])[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** Runs the steps as GitHub does: expressions replaced, conditions held, files for outputs and the PATH. */
async function runAction({ run }: Place, inputs: Record<string, string>, pullRequest = ''): Promise<Ran> {
  const temporary = temporaryDirectory();
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(temporary, name)]),
  );
  for (const file of Object.values(files)) writeFileSync(file, '');
  const values: Record<string, string> = {
    'github.token': 'the-token',
    'github.repository': 'shop/manifests',
    'github.event.pull_request.number': pullRequest,
  };
  const resolved = (name: string): string => {
    const value = /^'.*'$/.test(name) ? name.slice(1, -1) : values[name];
    if (value === undefined) throw new Error(`There is no ${name}.`);
    return value;
  };
  const filled = (text: string): string =>
    text.replace(/\$\{\{ (.*?) \}\}/g, (_, name: string) => resolved(name));
  const holds = (condition: string): boolean =>
    condition.split(' && ').every((part) => {
      const [left = '', right] = part.split(' == ');
      return right === undefined ? resolved(left) !== '' : resolved(left) === resolved(right);
    });
  for (const [name, { default: otherwise = '' }] of Object.entries(action.inputs))
    values[`inputs.${name}`] = inputs[name] ?? filled(otherwise);
  const used: [string, Record<string, string>][] = [];
  let [code, output] = [0, ''];
  for (const step of action.runs.steps) {
    if (code !== 0 || (step.if !== undefined && !holds(step.if))) continue;
    const given = Object.fromEntries(
      Object.entries(step.env ?? step.with ?? {}).map(([name, text]) => [name, filled(text)]),
    );
    if (step.uses !== undefined) used.push([step.uses, given]);
    if (step.run === undefined) continue;
    expect(step.run).not.toContain('${{');
    const env = { ...given, ...files, RUNNER_TEMP: temporary, GITHUB_ACTION_PATH: root };
    const paths = readFileSync(files['GITHUB_PATH']!, 'utf8').split('\n').filter(Boolean);
    const ran = await run(step.run, { ...env, PATH: paths.map((path) => `${path}:`).join('') });
    code = ran.code;
    output += ran.output;
    for (const line of readFileSync(files['GITHUB_OUTPUT']!, 'utf8').split('\n').filter(Boolean))
      values[`steps.${step.id}.outputs.${line.split('=')[0]}`] = line.slice(line.indexOf('=') + 1);
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => {
    const source = value.slice('${{ '.length, -' }}'.length);
    return [name, values[source] ?? ''] as const;
  });
  return {
    code,
    output,
    used,
    outputs: Object.fromEntries(outputs),
    summary: readFileSync(files['GITHUB_STEP_SUMMARY']!, 'utf8'),
  };
}

function repository(): { readonly here: Place; readonly inputs: Record<string, string> } {
  const here = place('whole-cluster');
  const program = here.program('program-of-a-release', theProgram);
  return { here, inputs: { inputs: 'manifests', program } };
}

describe('the action', () => {
  it('reports, uploads, and fails at the end where there are errors', async () => {
    const { here, inputs } = repository();
    const { code, used, outputs, summary } = await runAction(here, inputs);
    expect([code, outputs['exit-code']]).toEqual([1, '1']);
    expect(used).toEqual([
      ['github/codeql-action/upload-sarif@v4', { sarif_file: outputs['sarif'], category: 'ingress2istio' }],
    ]);
    const sarif = readFileSync(outputs['sarif']!, 'utf8');
    expect(JSON.parse(sarif).runs[0].results.length).toBeGreaterThan(5);
    expect(sarif).toContain('"uri":"manifests/ingress.yaml"');
    expect(summary).toBe(readFileSync(outputs['markdown']!, 'utf8'));
    expect(summary).toContain('4 Ingresses: ');
    expect(readdirSync(here.directory)).toEqual(['manifests']);
  });

  it('converts into a directory, with flags that have blanks', async () => {
    const { here, inputs } = repository();
    const { code, used } = await runAction(here, {
      ...inputs,
      output: 'istio objects',
      flags: '--parity\n\n--controller-flags=--watch-ingress-without-class --ingress-class=nginx\n',
      'fail-on': 'never',
      sarif: 'false',
    });
    expect([code, used]).toEqual([0, []]);
    expect(readdirSync(join(here.directory, 'istio objects'))).toContain('kustomization.yaml');
  });

  it('stops at wrong flags, and runs no command from an input', async () => {
    const { here, inputs } = repository();
    const wrong = await runAction(here, { ...inputs, flags: '--nonsense' });
    expect([wrong.code, wrong.used]).toEqual([2, []]);
    expect(wrong.output).toContain('There is no option --nonsense.');
    for (const hostile of ['$(touch here)', '`touch here`', '"; touch here; "', "'; touch here; '"]) {
      await runAction(here, { ...inputs, inputs: hostile, output: hostile, 'fail-on': hostile });
      expect(existsSync(join(here.directory, 'here'))).toBe(false);
    }
  });

  it.each([
    ['', ['api', '--silent', 'repos/shop/manifests/issues/7/comments', '--field']],
    ['42', ['api', '--silent', '--method', 'PATCH', 'repos/shop/manifests/issues/comments/42', '--field']],
  ])('comments on the pull request, in place of comment "%s"', async (earlier, call) => {
    const { here, inputs } = repository();
    here.program(
      'gh',
      `for word in "$@"; do last=$word; done
case " $* " in *" --paginate "*) printf '%s' '${earlier}'; exit;; esac
printf '%s\\n' "$GH_TOKEN" "$@" > "$HOME/call"; cp "\${last#body=@}" "$HOME/comment"`,
    );
    const { code } = await runAction(here, { ...inputs, comment: 'true', 'fail-on': 'never' }, '7');
    expect(code).toBe(0);
    const said = readFileSync(join(here.directory, 'call'), 'utf8').trimEnd().split('\n');
    expect(said.slice(0, -1)).toEqual(['the-token', ...call]);
    const comment = readFileSync(join(here.directory, 'comment'), 'utf8');
    expect(comment).toMatch(/^<!-- ingress2istio -->\n/);
    expect(comment).toContain('4 Ingresses: ');
    expect(comment.length).toBeLessThan(65_536);
  });

  it('comments on nothing where there is no pull request', async () => {
    const { here, inputs } = repository();
    here.program('gh', 'exit 9');
    expect((await runAction(here, { ...inputs, comment: 'true', 'fail-on': 'never' })).code).toBe(0);
  });

  it('builds its own checkout without a program', async () => {
    const here = place('whole-cluster');
    here.program('npm', 'printf "%s " "$@" > "$HOME/npm"');
    const { code, summary } = await runAction(here, { inputs: 'manifests', 'fail-on': 'never' });
    expect([code, readFileSync(join(here.directory, 'npm'), 'utf8')]).toEqual([
      0,
      `ci --prefix ${root} --no-audit --no-fund `,
    ]);
    expect(summary).toContain('4 Ingresses: ');
  });
});

it('has every input that the page uses', () => {
  const page = readFileSync(join(root, 'docs/how-to/pipelines-github.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const workflow = load(example) as { jobs: { report: { steps: { with?: object }[] } } };
  const given = workflow.jobs.report.steps.flatMap((step) => Object.keys(step.with ?? {}));
  expect(given.length).toBeGreaterThan(2);
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(given));
});
