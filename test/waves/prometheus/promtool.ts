import { spawnSync } from 'node:child_process';

/** Prometheus' own checker; CI installs it, elsewhere its tests are skipped where it is missing. */
export const withoutPromtool =
  spawnSync('promtool', ['--version']).status !== 0 && process.env['CI'] === undefined;

/** What promtool says, and whether it is content. */
export function promtool(
  directory: string,
  ...args: readonly string[]
): { status: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: directory, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, said: stdout + stderr };
}
