import type { Argv } from 'yargs';
import { UsageError } from '../domain/errors.ts';
import { once, strings } from './command-line.ts';
import type { LiveArguments } from './verify-live.ts';

const group = 'Both gateways:';

/** Flags of `verify` that speak of gateways. */
export const liveFlags = [
  'from',
  'to',
  'rate',
  'max',
  'timeout',
  'methods',
  'hosts',
  'header',
  'probes',
  'cacert',
  'insecure',
  'body',
  'ignore',
  'dry-run',
  'watch',
] as const;

export function declareLive(command: Argv): Argv {
  const text = (describe: string) => ({ type: 'string', requiresArg: true, group, describe }) as const;
  const list = (describe: string) => ({ ...text(describe), array: true }) as const;
  const yes = (describe: string) => ({ type: 'boolean', group, describe }) as const;
  return command
    .option('from', text('Old gateway: HOST[:HTTP[:HTTPS]]'))
    .option('to', text('New gateway: HOST[:HTTP[:HTTPS]]'))
    .option('rate', text('Requests a second to each side; 10 is the default'))
    .option('max', text('Most requests; 1000 is the default'))
    .option('timeout', text('Timeout of a request in seconds; the default is 10'))
    .option('methods', list('Methods to send in addition to GET, HEAD and OPTIONS; may be repeated'))
    .option('hosts', list('Only hosts that match, as in *.example.com; may be repeated'))
    .option('header', list("Header of every request, as in 'X-Test: 1'; may be repeated"))
    .option(
      'probes',
      text('Requests of this file: probes.yaml or a HAR; else those of --log, or of the model'),
    )
    .option('cacert', text('Certificate authorities to trust, as PEM'))
    .option('insecure', yes('Accept any certificate'))
    .option('body', yes('Compare bodies by hash, not by length'))
    .option('ignore', list('With --body: text that matches is left out (RE2); may be repeated'))
    .option('dry-run', yes('List the requests, and send none'))
    .option('watch', yes('Repeat until Ctrl-C, and report only changes'));
}

/** @throws {UsageError} */
export function liveArguments(parsed: Readonly<Record<string, unknown>>): LiveArguments | undefined {
  const text = (flag: string): string | undefined => once(parsed[flag], flag);
  const [from, to] = [text('from'), text('to')];
  if (from === undefined && to === undefined) {
    const stray = liveFlags.find((flag) => parsed[flag] !== undefined && parsed[flag] !== false);
    if (stray === undefined) return undefined;
    throw new UsageError(`--${stray} needs two gateways.`, 'Name them with --from and --to.');
  }
  if (from === undefined || to === undefined)
    throw new UsageError('Only one gateway is named.', 'Give both --from and --to.');
  return {
    from,
    to,
    rate: positive(text('rate') ?? '10', 'rate', 1000),
    max: positive(text('max') ?? '1000', 'max', 1_000_000),
    timeout: positive(text('timeout') ?? '10', 'timeout', 600),
    methods: strings(parsed['methods'])
      .flatMap((names) => names.split(','))
      .map(methodOf),
    hosts: strings(parsed['hosts']),
    headers: strings(parsed['header']),
    probes: text('probes'),
    cacert: text('cacert'),
    insecure: parsed['insecure'] === true,
    body: parsed['body'] === true,
    ignore: strings(parsed['ignore']),
    dryRun: parsed['dry-run'] === true,
    watch: parsed['watch'] === true,
  };
}

function positive(text: string, flag: string, most: number): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= most) return value;
  throw new UsageError(
    `--${flag} cannot be ${JSON.stringify(text.slice(0, 80))}.`,
    `It takes a number up to ${most}.`,
  );
}

function methodOf(text: string): string {
  if (/^[A-Za-z]{1,20}$/.test(text)) return text.toUpperCase();
  throw new UsageError(
    `--methods cannot be ${JSON.stringify(text.slice(0, 80))}.`,
    'It takes names, as in POST,PUT.',
  );
}
