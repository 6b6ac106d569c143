import { markdownCode as code, markdownBlock } from '../text/escape.ts';
import type { Checklist } from './checklist.ts';
import type { DnsText } from './dns-text.ts';
import { alertPrefix } from './prometheus/alerts.ts';
import { watchPaths } from './prometheus/files.ts';

/** The hour of the move: the change of DNS, what to watch, and the way back. */
export function movingSections(
  checklist: Checklist,
  dns: readonly DnsText[],
  heading: string,
  watchedByRules: boolean,
): string {
  const lines = [...(watchedByRules ? ruleLines(checklist) : []), ...watched(checklist)];
  return [
    `\n${heading} DNS\n\n${dns.length === 0 ? noRecord(checklist) : dns.map(dnsItem).join('')}`,
    `\n${heading} Watch\n\n${lines.map((line) => `- ${line}\n`).join('')}`,
    `\n${heading} Go back\n\n${backLines(checklist, dns)}`,
    `\n${heading} After\n\n- [ ] When ingress-nginx gets no more requests for these hosts, record the move\n\n${indented(
      [`ingress2istio plan INPUT --moved ${checklist.number}`],
    )}\n`,
  ].join('');
}

function noRecord({ hosts }: Checklist): string {
  return hosts.some(({ host }) => host === '')
    ? 'The catch-all has no record of its own: it moves with the records that no host of the plan names, such as a wildcard or the address itself.\n'
    : 'There is no record left to change.\n';
}

function dnsItem({ title, notes, commands }: DnsText): string {
  const lines = notes.map((note) => `  ${note}\n`).join('\n');
  return `- [ ] ${title}\n\n${lines}\n${indented(commands)}\n`;
}

function indented(commands: readonly string[]): string {
  return markdownBlock(commands.join('\n'), 'sh').replace(/^(?=.)/gm, '  ');
}

/** The dashboard and the alerts that were written with the ticket. */
function ruleLines({ number }: Checklist): string[] {
  const { rules, dashboard } = watchPaths(number);
  return [
    `The dashboard [${dashboard}](../${dashboard}): ingress-nginx, Istio, and ingress-nginx of last week, by host.`,
    `The alerts of [${rules}](../${rules}): ${code(`${alertPrefix}ServerErrors`)} means go back; ${['ClientErrors', 'Slower', 'FewerRequests'].map((name) => code(`${alertPrefix}${name}`)).join(', ')} mean look; ${code(`${alertPrefix}NoBaseline`)} names hosts that no alert compares.`,
  ];
}

function watched({ differences, bonds, sticky, hosts }: Checklist): string[] {
  const fields = new Set(differences.flatMap((difference) => difference.fields));
  return [
    'Requests by host: those of ingress-nginx fall to zero within the old TTL, those of the gateway rise as much (`nginx_ingress_controller_requests`, `istio_requests_total`).',
    "Share of 5xx and of 404 by host, next to the same hour of last week. A 404 without a route name in the gateway's access log is a host or path that the gateway doesn't have.",
    'The 95th and 99th percentile of the duration by host, next to the same hour of last week.',
    'TLS handshake errors and the age of the certificates that the gateway serves.',
    ...(fields.has('location')
      ? ['Redirects (3xx) and their targets: findings say that they can differ.']
      : []),
    ...(fields.has('certificate') || fields.has('connection')
      ? [
          'Clients that fail before they send a request: findings say that connections or certificates can differ.',
        ]
      : []),
    ...(bonds.some(({ kind }) => kind === 'sign-in') ? ['Loops between a host and its sign-in page.'] : []),
    ...(sticky || bonds.some(({ kind }) => kind === 'cookie')
      ? [
          "Sessions: ingress-nginx and Istio bind clients to pods with cookies that the other one doesn't understand, so each client changes its pod once.",
        ]
      : []),
    ...(hosts.some(({ readiness }) => readiness === 'blocked')
      ? ['Routes that return 503 on purpose: hosts of this wave are blocked.']
      : []),
  ];
}

function backLines({ number, hosts }: Checklist, dns: readonly DnsText[]): string {
  const commands = dns.flatMap(({ back }) => back);
  return [
    'Go back when, for five minutes, a host has more than twice its usual share of 5xx, or 1 % more than usual; when clients report TLS errors; or when a sign-in loops. Find the reason afterwards.\n\n',
    `1. Change DNS back. The Ingresses are unchanged, so ingress-nginx still serves ${hosts.length === 1 ? 'the host' : 'the hosts'}.\n\n`,
    commands.length === 0 ? '' : `${indented(commands).replace(/^(?=.)/gm, ' ')}\n`,
    '2. Keep the objects in the cluster until the TTL is over: clients still use the old answer. They do no harm where no traffic arrives.\n',
    `3. Fix the reason, and ask both gateways again: ${code(`ingress2istio verify INPUT --select wave=${number} --from "$NGINX" --to "$GATEWAY"`)}.\n`,
  ].join('');
}
