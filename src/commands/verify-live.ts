import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RE2JS } from 're2js';
import type { Conversion } from '../conversion/conversion.ts';
import { systemReason, UsageError } from '../domain/errors.ts';
import { count, number } from '../text/count.ts';
import type { Probe } from '../verify/judge/probe.ts';
import { type GatewayAddress, parseAddress } from '../verify/live/address.ts';
import type { Target } from '../verify/live/client.ts';
import { comparer, type LiveResult } from '../verify/live/compare.ts';
import { probesOfFile } from '../verify/live/file-probes.ts';
import { probesOfModel } from '../verify/live/model-probes.ts';
import { type Plan, planOf, runSession, safeMethods } from '../verify/live/session.ts';
import { differenceText, type LiveRun } from '../verify/report/live-document.ts';
import { liveTable } from '../verify/report/live-table.ts';
import type { Progress } from './progress.ts';
import { type Terminal, tell, writeStdout } from './terminal.ts';

/** What a command line says of two gateways. */
export interface LiveArguments {
  readonly from: string;
  readonly to: string;
  /** Requests in a second to each side. */
  readonly rate: number;
  /** Most requests of the plan. */
  readonly max: number;
  /** Seconds. */
  readonly timeout: number;
  readonly methods: readonly string[];
  readonly hosts: readonly string[];
  readonly headers: readonly string[];
  /** File of probes or a HAR; undefined: from the model or the log. */
  readonly probes: string | undefined;
  readonly cacert: string | undefined;
  readonly insecure: boolean;
  readonly body: boolean;
  readonly ignore: readonly string[];
  readonly dryRun: boolean;
  readonly watch: boolean;
}

/** Everything that a run needs, read and checked before the first request. */
export interface LiveSetup {
  readonly plan: Plan;
  readonly from: GatewayAddress;
  readonly to: GatewayAddress;
  readonly targets: { readonly from: Target; readonly to: Target };
  readonly clean: (body: string) => string;
  readonly hosts: (host: string) => boolean;
}

/**
 * @param logged the requests of logs; undefined where none were given
 * @throws {UsageError}
 */
export function setupOf(
  args: LiveArguments,
  conversion: Conversion,
  logged: readonly Probe[] | undefined,
  directory: string,
): LiveSetup {
  const from = parseAddress(args.from, 'from');
  const to = parseAddress(args.to, 'to');
  const hosts = hostFilter(args.hosts);
  const probes =
    args.probes === undefined
      ? (logged ?? probesOfModel(conversion))
      : probesOfFile(textOf(args.probes, 'probes', directory), args.probes);
  const methods = [...safeMethods, ...args.methods.map((method) => method.toUpperCase())];
  const common = {
    timeout: args.timeout * 1000,
    insecure: args.insecure,
    headers: Object.fromEntries(args.headers.map(headerOf)),
    ...(args.cacert === undefined ? {} : { authorities: textOf(args.cacert, 'cacert', directory) }),
  };
  const target = ({ host, http, https }: GatewayAddress): Target => ({
    ...common,
    address: host,
    ports: { 80: http, 443: https },
  });
  return {
    plan: planOf(probes, { methods, hosts, max: args.max }),
    from,
    to,
    targets: { from: target(from), to: target(to) },
    clean: cleaner(args.ignore),
    hosts,
  };
}

/** Says what will be sent before anything is. */
export function announcement({ plan, from, to }: LiveSetup, { rate }: LiveArguments): string {
  const methods = [...new Set(plan.probes.map(({ request }) => request.method ?? 'GET'))].sort();
  const seconds = Math.ceil(plan.probes.length / rate);
  const time = seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
  const left = [
    ...(plan.left > 0 ? [`${number(plan.left)} more are left out (--max)`] : []),
    ...(plan.unsafe > 0 ? [`${number(plan.unsafe)} with other methods are left out (--methods)`] : []),
  ];
  return `Sends ${count(plan.probes.length, 'request')} (${methods.join(', ')}; no bodies, no credentials) to ${addressText(from)} and to ${addressText(to)}, ${rate} a second to each, about ${time}. The old gateway gets a request again where the answers differ.${left.length === 0 ? '' : ` ${left.join(', ')}.`}\n`;
}

export function addressText({ host, http, https }: GatewayAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${http}:${https}`;
}

export async function printPlan({ plan }: LiveSetup, terminal: Terminal): Promise<void> {
  await writeStdout(
    terminal,
    plan.probes.map(({ name }) => `${name.replace(/[^\x20-\x7e]/g, '?')}\n`).join(''),
  );
}

/** Asks both gateways, once or until Ctrl-C. The first Ctrl-C ends a run with what it has. */
export async function runLive(
  args: LiveArguments,
  setup: LiveSetup,
  conversion: Conversion,
  terminal: Terminal,
  progress: Progress,
): Promise<LiveRun> {
  const judge = comparer(conversion, { hash: args.body, clean: setup.clean });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  const run = async (): Promise<readonly LiveResult[]> => {
    let undeclared = 0;
    const table = liveTable();
    return runSession(setup.plan.probes, {
      ...setup.targets,
      rate: args.rate,
      comparer: judge,
      follows: setup.hosts,
      stopped: () => stopped,
      onResult: (result, done) => {
        if (result.verdict === 'undeclared') undeclared++;
        table.add(result);
        const total = setup.plan.probes.length;
        progress.show(
          done / total,
          `${number(done)}/${number(total)} requests, ${number(undeclared)} undeclared`,
          table.lines(),
        );
      },
    });
  };
  try {
    let results = await run();
    while (args.watch && !stopped) {
      const before = new Map(results.map((result) => [result.probe.name, stateOf(result)]));
      const fresh = await run();
      progress.end();
      for (const result of fresh) {
        const known = before.get(result.probe.name);
        if (known !== undefined && known !== stateOf(result))
          await tell(terminal, `${new Date().toISOString()} ${result.verdict} ${shown(result)}\n`);
      }
      const newest = new Map([...results, ...fresh].map((result) => [result.probe.name, result]));
      results = [...newest.values()];
    }
    const planned = setup.plan.probes.length;
    return {
      from: addressText(setup.from),
      to: addressText(setup.to),
      results,
      planned,
      interrupted: stopped && results.length < planned,
    };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop);
  }
}

function stateOf({ verdict, before, after, differences }: LiveResult): string {
  return JSON.stringify([verdict, before, after, differences.map(({ field }) => field)]);
}

function shown(result: LiveResult): string {
  return `${result.probe.name}: ${result.before ?? 'no answer'} → ${result.after ?? 'no answer'} ${differenceText(result)}`.replace(
    /[^\x20-\x7e→…]/g,
    '?',
  );
}

function hostFilter(globs: readonly string[]): (host: string) => boolean {
  if (globs.length === 0) return () => true;
  const patterns = globs.map((glob) => {
    const source = glob
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replaceAll('?', '.');
    return RE2JS.compile(`(?i)${source}`);
  });
  return (host) => patterns.some((pattern) => pattern.matches(host.replace(/:\d+$/, '')));
}

function headerOf(text: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+):[ \t]*([\x20-\x7e\t]*)$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError('A --header is none.', "It takes NAME: VALUE, as in --header 'X-Test: 1'.");
}

/** Patterns of RE2, which no body can make slow. */
function cleaner(patterns: readonly string[]): (body: string) => string {
  const compiled = patterns.map((pattern) => {
    try {
      return RE2JS.compile(pattern);
    } catch (error) {
      throw new UsageError(
        `--ignore ${JSON.stringify(pattern.slice(0, 80))} is no regular expression: ${(error as Error).message}`,
        'It takes the syntax of RE2.',
      );
    }
  });
  return (body) => compiled.reduce((text, pattern) => pattern.matcher(text).replaceAll(''), body);
}

function textOf(path: string, flag: string, directory: string): string {
  try {
    return readFileSync(resolve(directory, path), 'utf8');
  } catch (error) {
    throw new UsageError(
      `--${flag} ${path} cannot be read: ${systemReason(error)}.`,
      'Give the path of a file.',
    );
  }
}
