import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import { visible } from '../text/escape.ts';
import { tieKinds } from '../waves/candidates.ts';
import { usualPlanning } from '../waves/planner.ts';
import {
  type CommandLine,
  declareInput,
  inputArguments,
  inputFlags,
  nonEmpty,
  once,
  strings,
} from './command-line.ts';
import type { PlanArguments } from './plan.ts';

const output = 'Output:';
const waves = 'Waves:';

export const planLine: CommandLine = {
  name: 'plan',
  describe: 'Plan the move in waves of hosts, each with its checklist',
  flags: [
    'wave-size',
    'pin',
    'moved',
    'together',
    'traffic',
    'plan',
    'output',
    'prometheus',
    'format',
    'force',
    'quiet',
    ...inputFlags,
  ],
  declare(command: Argv, { program }) {
    const flags = command
      .usage(`${program} plan [inputs..]

Puts hosts into waves, small and safe first, and writes for each wave what to prepare, to change, to watch and how to go back.
Keeps the plan in ingress2istio.plan.yaml, so that what has moved stays where it is.`)
      .option('wave-size', {
        type: 'string',
        requiresArg: true,
        group: waves,
        describe: `Most hosts of a wave; ${usualPlanning.waveSize}, or the number of the plan file`,
      })
      .option('pin', {
        type: 'string',
        array: true,
        requiresArg: true,
        group: waves,
        describe: 'Put a host into a wave, as in shop.example.com=2; may be repeated',
      })
      .option('moved', {
        type: 'string',
        array: true,
        requiresArg: true,
        group: waves,
        describe: 'Record that a wave (its number) or a host has moved; may be repeated',
      })
      .option('together', {
        type: 'string',
        array: true,
        requiresArg: true,
        group: waves,
        describe: `What keeps hosts in one wave: ${tieKinds.join(', ')}, or none; all is the default`,
      })
      .option('traffic', {
        type: 'string',
        requiresArg: true,
        group: waves,
        describe: 'Report of verify --log --format json: hosts with little traffic move first',
      })
      .option('plan', {
        type: 'string',
        requiresArg: true,
        group: waves,
        describe: 'Plan file, if it is not ingress2istio.plan.yaml next to the input',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: output,
        describe: 'Write a ticket for each wave, an index and plan.json into this directory, not to stdout',
      })
      .option('prometheus', {
        type: 'boolean',
        group: output,
        describe: 'With --output: rules and alerts for Prometheus and a Grafana dashboard for each wave',
      })
      .option('format', {
        choices: ['md', 'json'] as const,
        group: output,
        describe: 'Format on stdout; Markdown is the default',
      })
      .option('force', {
        type: 'boolean',
        group: output,
        describe: 'Replace files in --output that were not written by this tool, or changed since',
      })
      .option('quiet', { alias: 'q', type: 'boolean', group: output, describe: 'No progress, no summary' })
      .example(`${program} plan dump.yaml -o waves`, 'A ticket for each wave')
      .example(`${program} plan dump.yaml --pin shop.example.com=9 --wave-size 5`, 'A host for later')
      .example(`${program} plan dump.yaml -o waves --prometheus`, 'With rules, alerts, and dashboards')
      .example(`${program} plan dump.yaml --moved 1`, 'The first wave has moved');
    return declareInput(flags);
  },
  async run(parsed, terminal) {
    const directory = once(parsed['output'], 'output');
    const plan = once(parsed['plan'], 'plan');
    const size = once(parsed['wave-size'], 'wave-size');
    const prometheus = parsed['prometheus'] === true;
    if (prometheus && directory === undefined)
      throw new UsageError('--prometheus writes files.', 'Name a directory for them with --output DIR.');
    const args: PlanArguments = {
      ...inputArguments(parsed),
      output: directory === undefined ? undefined : nonEmpty(directory, 'output'),
      format: once(parsed['format'], 'format') === 'json' ? 'json' : 'md',
      plan: plan === undefined ? undefined : nonEmpty(plan, 'plan'),
      waveSize: size === undefined ? undefined : waveNumber(size, '--wave-size', size),
      pins: pinsOf(strings(parsed['pin'])),
      moved: strings(parsed['moved']).map((one) => nonEmpty(one, 'moved')),
      together: togetherOf(strings(parsed['together'])),
      traffic: once(parsed['traffic'], 'traffic'),
      prometheus,
      force: parsed['force'] === true,
      quiet: parsed['quiet'] === true,
    };
    const { planCommand } = await import('./plan.ts');
    return planCommand(args, terminal);
  },
};

/** @throws {UsageError} */
function pinsOf(given: readonly string[]): ReadonlyMap<string, number> {
  const pins = new Map<string, number>();
  for (const text of given) {
    const at = text.lastIndexOf('=');
    if (at < 1)
      throw new UsageError(
        `--pin cannot be ${JSON.stringify(visible(text, 80))}.`,
        'Write a host and its wave, as in --pin shop.example.com=2; _ is the catch-all.',
      );
    const host = text.slice(0, at).toLowerCase();
    const wave = waveNumber(text.slice(at + 1), '--pin', text);
    if ((pins.get(host) ?? wave) !== wave)
      throw new UsageError(`--pin places ${visible(host, 80)} in two waves.`, 'Choose one of them.');
    pins.set(host, wave);
  }
  return pins;
}

function waveNumber(text: string, flag: string, given: string): number {
  const number = Number(text);
  if (/^\d{1,6}$/.test(text) && number >= 1 && number <= 100_000) return number;
  throw new UsageError(
    `${flag} cannot be ${JSON.stringify(visible(given, 80))}.`,
    'It takes an integer from 1 to 100000.',
  );
}

/** @throws {UsageError} */
function togetherOf(given: readonly string[]): PlanArguments['together'] {
  if (given.length === 0) return tieKinds;
  const names = given.flatMap((text) => text.split(','));
  const wrong = names.find((name) => name !== 'none' && !tieKinds.some((kind) => kind === name));
  if (wrong !== undefined)
    throw new UsageError(
      `--together cannot be ${JSON.stringify(visible(wrong, 80))}.`,
      `It takes ${tieKinds.join(', ')}, or none.`,
    );
  return tieKinds.filter((kind) => names.includes(kind));
}
