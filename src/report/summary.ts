import type { Conversion } from '../conversion/conversion.ts';
import type { Effort } from '../conversion/effort.ts';
import type { Finding, Severity } from '../domain/findings.ts';
import type { OutcomeStatus } from '../domain/outcome.ts';
import { count, number } from '../text/count.ts';
import { optInsOf } from './opt-ins.ts';
import type { IngressReadiness, Readiness } from './readiness.ts';

/** The figures that every report opens with. */
export interface Summary {
  readonly ingresses: Readonly<Record<Readiness, number>> & { readonly total: number };
  readonly hosts: number;
  readonly secretsToCopy: number;
  readonly steps: number;
  /** Flags that the output relies on, as on a command line. */
  readonly optIns: readonly string[];
  /** By kind, sorted. */
  readonly objects: Readonly<Record<string, number>>;
  readonly findings: Readonly<Record<Severity, number>>;
  /** Only statuses that occur, sorted. */
  readonly outcomes: Readonly<Partial<Record<OutcomeStatus, number>>>;
}

export function summaryOf(
  conversion: Conversion,
  findings: readonly Finding[],
  readiness: readonly IngressReadiness[],
): Summary {
  const ingresses = { ready: 0, decision: 0, blocked: 0, 'left-alone': 0, total: readiness.length };
  for (const entry of readiness) ingresses[entry.readiness]++;
  const bySeverity = { error: 0, warning: 0, note: 0 };
  for (const { type } of findings) bySeverity[type.severity]++;
  return {
    ingresses,
    hosts: conversion.model.servers.length,
    secretsToCopy: conversion.steps.filter((step) => step.kind === 'copy-secret').length,
    steps: conversion.steps.length,
    optIns: optInsOf(conversion.options),
    objects: counted(conversion.objects.map(({ object }) => object.kind)),
    findings: bySeverity,
    outcomes: counted(conversion.outcomes.map(({ status }) => status)),
  };
}

function counted(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The verdict in one line, as in `17 Ingresses: 14 ready, 2 need a decision, 1 blocked.` */
export function verdictOf({ ingresses }: Summary): string {
  const skipped = ingresses['left-alone'];
  const ours = ingresses.total - skipped;
  const others =
    skipped > 0 ? ` Skipped ${count(skipped, 'Ingress', 'Ingresses')} that ingress-nginx doesn't serve.` : '';
  if (ours === 0) return `Found no Ingress that ingress-nginx serves.${others}`;
  if (ingresses.ready === ours)
    return `${ours === 1 ? 'The Ingress is' : `All ${number(ours)} Ingresses are`} ready.${others}`;
  const { decision, blocked } = ingresses;
  const parts = [
    `${number(ingresses.ready)} ready`,
    ...(decision > 0 ? [`${number(decision)} ${decision === 1 ? 'needs' : 'need'} a decision`] : []),
    ...(blocked > 0 ? [`${number(blocked)} blocked`] : []),
  ];
  return `${count(ours, 'Ingress', 'Ingresses')}: ${parts.join(', ')}.${others}`;
}

/** As in `1 error, 2 warnings`; '' where there is nothing. */
export function findingCounts({ findings }: Summary): string {
  return (['error', 'warning', 'note'] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => count(findings[severity], severity))
    .join(', ');
}

/** How much converts by itself, and how many questions remain; each counts once, however many Ingresses share it. */
export function effortText({ subjects, automatic, decisions, work }: Effort): string {
  if (subjects === 0) return '';
  const left = [
    ...(work.length > 0 ? [count(work.length, 'task')] : []),
    ...(decisions.length > 0 ? [count(decisions.length, 'decision')] : []),
  ];
  const remains = work.length + decisions.length === 1 ? 'remains' : 'remain';
  const rest = left.length === 0 ? 'Nothing else is left.' : `${left.join(' and ')} ${remains}.`;
  return `${number(automatic)} of ${count(subjects, 'setting')} ${automatic === 1 ? 'converts' : 'convert'} automatically. ${rest}`;
}
