import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './built.ts';

const packages = ['check-jsonschema==0.39.0', 'pre-commit==4.7.0'];

/** The directory with the programs of PyPI that hold the files for pipelines against what reads them. */
export function pythonPrograms(): string {
  const environment = join(cache, 'python');
  const bin = join(environment, 'bin');
  if (!existsSync(join(bin, 'python')))
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'pipe' });
  execFileSync(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'pipe' });
  return bin;
}
