import type { Conversion } from '../conversion/conversion.ts';
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

/** The verdict in one line, as in `14 of 17 Ingresses are ready, 2 need a decision and 1 is blocked.` */
export function verdictOf({ ingresses }: Summary): string {
  const ours = ingresses.total - ingresses['left-alone'];
  const alone = ingresses['left-alone'];
  const others =
    alone > 0
      ? ` ${count(alone, 'Ingress', 'Ingresses')} that ingress-nginx does not select ${alone === 1 ? 'is' : 'are'} left alone.`
      : '';
  if (ours === 0) return `No Ingress of ingress-nginx was found.${others}`;
  if (ingresses.ready === ours) {
    return `${ours === 1 ? 'The Ingress is' : `All ${number(ours)} Ingresses are`} ready.${others}`;
  }
  const parts = [
    `${number(ingresses.ready)} of ${count(ours, 'Ingress', 'Ingresses')} ${ingresses.ready === 1 || ours === 1 ? 'is' : 'are'} ready`,
    ...(ingresses.decision > 0
      ? [`${number(ingresses.decision)} ${ingresses.decision === 1 ? 'needs' : 'need'} a decision`]
      : []),
    ...(ingresses.blocked > 0
      ? [`${number(ingresses.blocked)} ${ingresses.blocked === 1 ? 'is' : 'are'} blocked`]
      : []),
  ];
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}.${others}`;
}
