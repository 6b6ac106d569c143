// What npm runs after an installation in a clone, and before it packs: the build.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// `npm install --global git+…`, by which pre-commit installs hooks, hands --global on to the clone that it builds in, so nothing is installed there.
if (!existsSync('node_modules/esbuild')) {
  execFileSync('npm', ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'], {
    env: { ...process.env, npm_config_global: 'false', npm_config_force: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}
await import('./build.mjs');
