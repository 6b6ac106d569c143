import { describe, expect, it } from 'vitest';
import { extraNames } from '../../src/domain/extras.ts';
import { ownScenarios, parseFlags } from './flags.ts';

describe('parseFlags', () => {
  it('runs the scenarios of the project in the default profile if nothing is said', () => {
    expect(parseFlags([])).toMatchObject({
      scenarios: ownScenarios,
      only: [],
      profiles: ['default'],
      jobs: 6,
    });
  });

  it('takes several globs and both profiles', () => {
    const flags = parseFlags([
      '--only',
      'cors-*',
      '--only',
      'tls',
      '--profile',
      'default',
      '--profile',
      'parity',
    ]);
    expect(flags).toMatchObject({ only: ['cors-*', 'tls'], profiles: ['default', 'parity'] });
  });

  it('takes extras by name, or all', () => {
    expect(parseFlags([]).extras).toEqual([]);
    expect(parseFlags(['--with', 'telemetry,connection-pool']).extras).toEqual([
      'connection-pool',
      'telemetry',
    ]);
    expect(parseFlags(['--with', 'all']).extras).toEqual(extraNames);
  });

  it.each([
    [['--with', 'pools'], '--with pools'],
    [['--with', 'all', '--check'], '--check needs all scenarios'],
    [['--with', 'all', '--measured'], '--measured needs all scenarios'],
    [['--profile', 'best'], '--profile best'],
    [['--jobs', '0'], '--jobs 0'],
    [['--unknown'], '--unknown'],
    [['--check', '--only', 'x'], '--check needs all scenarios'],
    [['--write'], 'in both profiles'],
  ])('refuses %j', (args, message) => {
    expect(() => parseFlags(args)).toThrow(message);
  });
});
