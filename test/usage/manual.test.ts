import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { commandLines } from '../../src/commands/command-lines.ts';
import { shippedFiles } from '../../src/commands/shipped.ts';
import { temporaryDirectory } from '../output/temporary.ts';
import { has, output } from './programs.ts';

const page = shippedFiles()['ingress2istio.1']!;

function mandoc(...args: readonly string[]): string {
  const file = join(temporaryDirectory(), 'ingress2istio.1');
  writeFileSync(file, page);
  return output('mandoc', [...args, file]);
}

it('is a page of the package that the build writes', () => {
  expect(manifest.man).toEqual(['dist/ingress2istio.1']);
  expect(manifest.bin['kubectl_complete-ingress2istio']).toBe('dist/kubectl_complete-ingress2istio');
});

it.skipIf(!has('mandoc'))('has nothing that mandoc warns about', () => {
  expect(mandoc('-Tlint', '-Wwarning')).toBe('');
});

describe.skipIf(!has('mandoc'))('as mandoc shows it', () => {
  const shown = has('mandoc') ? mandoc('-Tutf8', '-Owidth=100').replace(/.\x08/gu, '') : '';

  it.each(commandLines)('has $name with its flags', ({ name, flags, describe: text }) => {
    expect(shown).toMatch(new RegExp(`^   ${name}$`, 'm'));
    for (const flag of flags) expect(shown).toMatch(new RegExp(`^ +(?:--[a-z0-9-]+, )?--${flag}\\b`, 'm'));
    expect(text).not.toBe('');
  });

  it('shows dashes that can be copied, exit codes, and values', () => {
    expect(shown).toContain('ingress2istio convert dump.yaml -o istio --report report.md');
    expect(shown).toMatch(/^ +1 +Findings at or above --fail-on\.$/m);
    expect(shown).toContain('--forwarded-headers, --no-forwarded-headers');
    expect(shown).toMatch(/Values: auto, always, never\./);
  });
});
