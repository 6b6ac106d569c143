import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../output/temporary.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A repository as a pipeline checks it out, with a directory of manifests, and programs of its own on the PATH. */
export interface Place {
  readonly directory: string;
  /** Puts a shell script on the PATH. */
  program(name: string, script: string): string;
  /** As runners start a script; gives its exit code and what it printed. */
  run(
    script: string,
    env?: Record<string, string>,
  ): Promise<{ readonly code: number; readonly output: string }>;
}

export function place(sample: string): Place {
  const directory = temporaryDirectory();
  const bin = temporaryDirectory();
  mkdirSync(join(directory, 'manifests'));
  cpSync(join(root, 'samples', sample, 'input.yaml'), join(directory, 'manifests/ingress.yaml'));
  const program = (name: string, script: string): string => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
    return join(bin, name);
  };
  return {
    directory,
    program,
    run: (script, env = {}) =>
      new Promise((resolve) => {
        const options = {
          cwd: directory,
          env: { HOME: directory, ...env, PATH: `${env['PATH'] ?? ''}${bin}:${process.env['PATH']}` },
        };
        execFile(
          'bash',
          ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
          options,
          (error, out, err) => {
            resolve({ code: error === null ? 0 : Number(error.code), output: `${out}${err}` });
          },
        );
      }),
  };
}

/** A script that runs the built program. */
export const theProgram = `exec "${process.execPath}" "${root}dist/cli.js" "$@"`;
