import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { leaksOf } from '../redact/leaks.ts';
import { hostileDump, plainDump } from './dump.ts';
import { runHere } from './fake-terminal.ts';

describe('redact', () => {
  it('writes a dump to stdout, and what stays to stderr', async () => {
    const { code, stdout, stderr } = await runHere(['redact', '-'], { stdin: plainDump });
    expect(code).toBe(0);
    expect(leaksOf(plainDump, stdout)).toEqual([]);
    expect(stderr).toMatch(
      /^stdout: \d+ objects?, \d+ words replaced\.\nLengths, .* Read it before you share it\.\n$/,
    );
    expect((await runHere(['redact', '-', '-q'], { stdin: plainDump })).stderr).toBe('');
  });

  it('writes files, and a key that turns placeholders back', async () => {
    const directory = temporaryDirectory();
    const [output, key] = [join(directory, 'shared.yaml'), join(directory, 'key.json')];
    await runHere(['redact', '-', '-o', output, '--key', key], { stdin: plainDump });
    expect(readdirSync(directory).sort()).toEqual(['key.json', 'shared.yaml']);
    const words = JSON.parse(readFileSync(key, 'utf8')) as Record<string, string>;
    expect(Object.values(words)).toContain('shop');
    const same = await runHere(['redact', '-', '-o', output, '--key', output], { stdin: plainDump });
    expect([same.code, same.stderr]).toEqual([2, expect.stringContaining('the same file')]);
  });

  it('leaves out what is no object, and says so', async () => {
    const { code, stdout, stderr } = await runHere(['redact', '-'], {
      stdin: `unreadable: [\n---\n${plainDump}`,
    });
    expect(code).toBe(1);
    expect(stdout).not.toContain('unreadable');
    expect(stderr).toMatch(/^Left out, with 1 problem of the input:\n {2}stdin:\d+: error: /);
  });

  it('survives hostile input', async () => {
    const { stdout, stderr } = await runHere(['redact', '-'], { stdin: hostileDump });
    expect(stdout + stderr).not.toMatch(/[\p{Cf}\p{Cs}\x00-\x09\x0b-\x1f\x7f-\x9f]/u);
    expect(leaksOf(hostileDump, stdout)).toEqual([]);
  });

  it('--redact of report and convert is what they make of the redacted dump', async () => {
    const shared = (await runHere(['redact', '-'], { stdin: plainDump })).stdout;
    const directory = temporaryDirectory();
    const file = join(directory, 'redacted.yaml');
    writeFileSync(file, shared);
    const flags = ['--format', 'json', '--fail-on', 'never'];
    const direct = await runHere(['report', '-', '--redact', ...flags], { stdin: plainDump });
    const indirect = await runHere(['report', file, ...flags]);
    expect(direct.stdout).toBe(indirect.stdout.replaceAll(file, 'redacted.yaml'));
    const objects = await runHere(['convert', '-', '--redact', '-q'], { stdin: plainDump });
    expect(objects.stdout).toBe((await runHere(['convert', file, '-q'])).stdout);
    expect(objects.stdout).toContain('kind: VirtualService');
    const log = await runHere(['report', '-', '--redact', '--log', 'x.log'], { stdin: plainDump });
    expect([log.code, log.stderr]).toEqual([2, expect.stringContaining('Leave out --log or --redact')]);
  });

  it('redacts the controller’s ConfigMap of a file, and names in options', async () => {
    const directory = temporaryDirectory();
    const config = join(directory, 'config.yaml');
    writeFileSync(
      config,
      'proxy-set-headers: "payments/acme-headers"\nserver-snippet: "set $acme_tier gold;"\n',
    );
    const flags = [
      '--controller-config',
      config,
      '--default-certificate',
      'acme-certs/acme',
      '--format',
      'json',
    ];
    const { stdout } = await runHere(['report', '-', '--redact', ...flags], { stdin: plainDump });
    expect(stdout).toContain('"defaultCertificate"');
    expect(stdout).not.toMatch(/acme|payments|gold/);
  });
});

describe('diff --against an earlier output', () => {
  it('says what changed because of the tool, and what because of the input', async () => {
    const directory = join(temporaryDirectory(), 'out');
    await runHere(['convert', '-', '-q', '-o', directory], { stdin: plainDump });
    const manifest = join(directory, '.ingress2istio.json');
    const written = readFileSync(manifest, 'utf8');
    const older = written.replace(/"tool": "[^"]+"/, '"tool": "0.0.9"');
    writeFileSync(manifest, older);
    const flags = ['diff', '-', '--against', directory];
    const same = await runHere(flags, { stdin: plainDump });
    expect(same.stdout).toMatch(/\nWritten by ingress2istio 0\.0\.9; this is [\d.]+\.\n$/);
    const other = await runHere(flags, {
      stdin: plainDump.replaceAll('shop.example.com', 'new.example.com'),
    });
    expect(other.stdout).toContain(
      '# Because of the input of Ingress shop/web, or of the tool: ingress2istio 0.0.9 →',
    );
    const stricter = await runHere([...flags, '--no-forwarded-headers'], { stdin: plainDump });
    expect(stricter.stdout).toContain('# Because of the options or decisions, or of the tool');
    // The version alone changes one line of one file.
    await runHere(['convert', '-', '-q', '-o', directory], { stdin: plainDump });
    expect(readFileSync(manifest, 'utf8')).toBe(written);
  });
});
