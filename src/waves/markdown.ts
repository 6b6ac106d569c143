import { questionText, recommendedAnswer, whereToDecide } from '../conversion/question-text.ts';
import type { Question } from '../conversion/questions.ts';
import { table } from '../report/markdown/block.ts';
import { count, number } from '../text/count.ts';
import { markdownCode as code, markdownBlock, markdownText as text } from '../text/escape.ts';
import type { TieKind } from './candidates.ts';
import type { Checklist, PlannedMove } from './checklist.ts';
import { dnsTexts } from './dns-text.ts';
import { movingSections } from './markdown-moving.ts';
import { watchDirectory } from './prometheus/files.ts';
import { applyCommands, secretCommands, targetsBy, tryCommands, verifyCommands } from './wave-commands.ts';

/** How many waves a single document details, and how many rows a list has. */
const mostWaves = 20;
const nextWaves = 5;
const mostRows = 100;

/** The whole plan in one document; of many waves, it details the next ones. */
export function* planMarkdown(move: PlannedMove): Generator<string> {
  yield `# Moving from ingress-nginx to Istio, in waves\n\n${verdictOf(move)}\n`;
  yield overviewTable(move, (wave) => String(wave));
  yield generalSection(move);
  const left = move.checklists.filter((checklist) => !isOver(checklist));
  const shown = left.length > mostWaves ? left.slice(0, nextWaves) : left;
  for (const checklist of shown)
    yield `\n## ${titleOf(checklist)}\n\n${checklistText(checklist, '###', false)}`;
  if (shown.length < left.length)
    yield `\n*The checklists of ${count(left.length - shown.length, 'later wave')} aren't shown. Write all of them with --output DIR, one file each.*\n`;
}

/** The index of the tickets. */
export function indexMarkdown(move: PlannedMove, pathOf: (wave: number) => string, watched: boolean): string {
  return [
    `# Moving from ingress-nginx to Istio, in waves\n\n${verdictOf(move)}\n`,
    overviewTable(move, (wave) => `[${wave}](${pathOf(wave)})`),
    generalSection(move, watched ? watchItems() : []),
  ].join('');
}

/** The ticket of one wave. */
export function ticketMarkdown(checklist: Checklist, watched: boolean): string {
  return `# ${titleOf(checklist)}\n\nPart of a plan: see [the index](../index.md).\n\n${checklistText(checklist, '##', watched)}`;
}

function verdictOf({ checklists }: PlannedMove): string {
  const hosts = checklists.flatMap((checklist) => checklist.hosts);
  const moved = hosts.filter((host) => host.moved).length;
  const waves = checklists.filter((checklist) => !isOver(checklist)).length;
  const left = hosts.length - moved;
  if (hosts.length === 0) return '**There is no host to move.**';
  if (left === 0) return '**All hosts have moved.**';
  const done = moved === 0 ? '' : ` ${count(moved, 'host')} ${moved === 1 ? 'has' : 'have'} moved.`;
  return `**${count(left, 'host')} in ${count(waves, 'wave')}.**${done}`;
}

function isOver({ hosts }: Checklist): boolean {
  return hosts.every(({ moved }) => moved);
}

function titleOf({ number: wave, hosts }: Checklist): string {
  return `Wave ${wave}: ${count(hosts.length, 'host')}`;
}

const states = { ready: 'ready', decision: 'needs a decision', blocked: 'blocked' } as const;

function overviewTable({ checklists }: PlannedMove, link: (wave: number) => string): string {
  const withTraffic = checklists.some(({ hosts }) => hosts.some(({ requests }) => requests !== undefined));
  const rows = checklists.map((checklist) => {
    const { number: wave, hosts, decisions } = checklist;
    const moved = hosts.filter((host) => host.moved).length;
    const state = isOver(checklist) ? 'moved' : moved > 0 ? `${moved} moved` : worstState(checklist);
    return [
      wave === 0 ? '0 (before the plan)' : link(wave),
      number(hosts.length),
      state,
      number(isOver(checklist) ? 0 : decisions.length),
      ...(withTraffic ? [number(hosts.reduce((sum, { requests = 0 }) => sum + requests, 0))] : []),
      namesOf(
        hosts.map(({ host }) => host),
        3,
      ),
    ];
  });
  const head = ['Wave', 'Hosts', 'State', 'Open questions', ...(withTraffic ? ['Requests'] : []), 'Names'];
  return rows.length === 0 ? '' : `\n${table(head, rows)}`;
}

function worstState({ hosts }: Checklist): string {
  const worst = (['blocked', 'decision'] as const).find((state) =>
    hosts.some(({ readiness }) => readiness === state),
  );
  return states[worst ?? 'ready'];
}

function namesOf(hosts: readonly string[], most: number): string {
  const shown = hosts.slice(0, most).map((host) => (host === '' ? 'the catch-all' : code(host)));
  return `${shown.join(', ')}${hosts.length > most ? `, and ${number(hosts.length - most)} more` : ''}`;
}

/** What has to be done once, before any host moves. */
function generalSection({ gateway, steps, objects }: PlannedMove, first: readonly string[] = []): string {
  const items = [
    ...first,
    ...gateway.map((question) => item(`Decide for the whole gateway: ${questionLine(question)}`)),
    ...steps.map(({ title, commands }) => item(text(title), commands)),
    ...(objects.length === 0
      ? []
      : [
          item(
            `Expect ${count(objects.length, 'object')} of the whole gateway with the first wave: ${objects
              .slice(0, 10)
              .map(({ kind, name }) => code(name === '' ? kind : `${kind} ${name}`))
              .join(', ')}${objects.length > 10 ? ', …' : ''}.`,
          ),
        ]),
  ];
  return items.length === 0 ? '' : `\n## Before the first wave\n\n${items.join('')}`;
}

/** Before there is anything to see: Prometheus needs the label, and the rules. */
function watchItems(): string[] {
  return [
    item('Give the metrics of the gateway a label for the host', [
      `istioctl analyze ${watchDirectory}/telemetry.yaml`,
      `kubectl apply -f ${watchDirectory}/telemetry.yaml`,
    ]),
    item('Load the rules into Prometheus (`rule_files`), and import the dashboards into Grafana', [
      `promtool check rules ${watchDirectory}/*.rules.yaml`,
    ]),
  ];
}

function questionLine(question: Question): string {
  const { sentence, code: findingCode, subject } = questionText(question);
  const what = subject === '' ? code(findingCode) : code(subject);
  const answer = recommendedAnswer(question);
  const where = whereToDecide(question);
  const advice = answer === '' ? '' : ` ${text(answer)}`;
  return `${text(sentence)} (${what})${advice} Decide with ${code(where)}.`;
}

/** A box to tick, with its commands below. */
function item(line: string, commands: readonly string[] = []): string {
  const block =
    commands.length === 0 ? '' : `\n${markdownBlock(commands.join('\n'), 'sh').replace(/^(?=.)/gm, '  ')}\n`;
  return `- [ ] ${line}\n${block}`;
}

const tieWords: Readonly<Record<TieKind, string>> = {
  certificate: 'the certificate in Secret',
  ingress: 'Ingress',
  cookie: 'the cookie',
  'sign-in': 'the sign-in at',
};

function checklistText(checklist: Checklist, heading: string, watched: boolean): string {
  if (isOver(checklist))
    return `All hosts of this wave have moved: ${namesOf([...checklist.hosts.map(({ host }) => host), ...checklist.gone], 20)}.\n`;
  return [
    hostSection(checklist, heading),
    beforeSection(checklist, heading),
    movingSections(checklist, dnsTexts(checklist.dns, targetsBy(checklist)), heading, watched),
    objectSection(checklist),
  ]
    .join('')
    .replace(/\n{3,}/g, '\n\n');
}

function hostSection({ hosts, bonds, split }: Checklist, heading: string): string {
  const withTraffic = hosts.some(({ requests }) => requests !== undefined);
  const rows = hosts
    .slice(0, mostRows)
    .map(({ host, readiness, open, notes, requests, ingresses, moved }) => [
      host === '' ? 'the catch-all' : code(host),
      moved ? 'moved' : states[readiness],
      number(open),
      number(notes),
      ...(withTraffic ? [number(requests ?? 0)] : []),
      ingresses
        .slice(0, 3)
        .map((name) => code(name))
        .join(', ') + (ingresses.length > 3 ? ', …' : ''),
    ]);
  const head = ['Host', 'State', 'Open findings', 'Notes', ...(withTraffic ? ['Requests'] : []), 'Ingresses'];
  const more = hosts.length > mostRows ? `\n… and ${number(hosts.length - mostRows)} more.\n` : '';
  const together = bonds
    .slice(0, 20)
    .map(({ kind, name, hosts: own }) => `- ${tieWords[kind]} ${code(name)}: ${namesOf(own, 5)}\n`);
  const apart = split
    .slice(0, 20)
    .map(
      ({ kind, name, here, elsewhere }) =>
        `- ${tieWords[kind]} ${code(name)}: ${namesOf(here, 5)} here; ${elsewhere
          .map((wave) => `${namesOf(wave.hosts, 3)} in wave ${wave.number}`)
          .join('; ')}\n`,
    );
  const blocked = hosts.filter((host) => host.readiness === 'blocked' && !host.moved).length;
  return [
    blocked === 0
      ? ''
      : `**${count(blocked, 'host')} ${blocked === 1 ? 'is' : 'are'} blocked. Don't move this wave before the tasks below are done.**\n\n`,
    table(head, rows),
    more,
    together.length === 0 ? '' : `\nThey move together because they share:\n\n${together.join('')}`,
    apart.length === 0
      ? ''
      : `\n${heading} Not separable\n\nHosts of this wave share these with other waves:\n\n${apart.join('')}`,
  ].join('');
}

function beforeSection(checklist: Checklist, heading: string): string {
  const { decisions, steps, differences } = checklist;
  const secrets = steps.filter(({ secret }) => secret !== undefined);
  const others = steps.filter(({ secret }) => secret === undefined);
  const items = [
    ...decisions
      .slice(0, mostRows)
      .map((question) =>
        item(`${question.level === 'work' ? 'Unblock' : 'Decide'}: ${questionLine(question)}`),
      ),
    ...(secrets.length === 0
      ? []
      : [
          item(
            `Copy ${count(secrets.length, 'Secret')} to the gateway's namespace`,
            secrets.flatMap(({ commands }) => commands),
          ),
          item('Check that they are there', secretCommands(checklist)),
        ]),
    ...others.map(({ title, commands }) => item(text(title), commands)),
    item('Write the objects of this wave, check them, and apply them', applyCommands(checklist)),
    item('Check that every gateway accepted the configuration (SYNCED in all columns)', [
      'istioctl proxy-status',
    ]),
    item('Try each host at the gateway, before DNS names it', tryCommands(checklist)),
    item('Ask both gateways the same', verifyCommands(checklist)),
  ];
  const known = differences
    .slice(0, 20)
    .map(
      ({ code: finding, summary, hosts }) => `- ${text(summary)} ${code(finding)}, ${count(hosts, 'host')}\n`,
    );
  return [
    `\n${heading} Before\n\n${items.join('')}`,
    known.length === 0 ? '' : `\nThese findings say what can differ afterwards:\n\n${known.join('')}`,
  ].join('');
}

function objectSection({ objects }: Checklist): string {
  if (objects.length === 0) return '';
  const rows = objects
    .slice(0, 5 * mostRows)
    .map(({ kind, namespace, name, file, alsoIn }) => [
      kind,
      code(`${namespace}/${name}`),
      code(file),
      alsoIn.length === 0 ? '' : `waves ${alsoIn.slice(0, 10).join(', ')}${alsoIn.length > 10 ? ', …' : ''}`,
    ]);
  return `\n<details>\n<summary>${count(objects.length, 'object')}</summary>\n\n${table(['Kind', 'Object', 'File', 'Also in'], rows)}\n</details>\n`;
}
