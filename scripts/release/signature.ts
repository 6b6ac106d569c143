import { execFileSync, spawnSync } from 'node:child_process';

/**
 * Signs an executable of macOS ad hoc, without a certificate: an Apple chip runs nothing unsigned, and Node's own signature ends when
 * something is put into it. `rcodesign` does it on every system and gives the same bytes on each.
 *
 * @throws where it isn't installed
 */
export function signAdHoc(executable: string): void {
  if (spawnSync('rcodesign', ['--version']).status !== 0)
    throw new Error(
      'Executables for macOS need rcodesign: cargo install apple-codesign --locked. Or name other platforms: npm run release -- linux-x64',
    );
  execFileSync('rcodesign', ['sign', '--binary-identifier', 'ingress2istio', executable], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
