import { spawnSync } from 'node:child_process';

/** Whether a program is installed; `.ci/run` installs all that tests use. */
export function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** What a program prints; throws where it fails. */
export function output(
  program: string,
  args: readonly string[],
  { env = {}, cwd }: { readonly env?: Record<string, string>; readonly cwd?: string } = {},
): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd,
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...env },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${status}\n${stderr}`);
  return stdout;
}
