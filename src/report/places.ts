import type { Conversion } from '../conversion.ts';
import type { Finding, Severity } from '../findings.ts';
import { type Origin, positionOf, qualifiedName } from '../read/origin.ts';
import { visible } from './escape.ts';

export const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** `file:line:column`, for a person; '' where there is none. */
export function placeOf(origin: Origin | undefined): string {
  if (origin === undefined) return '';
  const { file, line, column } = positionOf(origin);
  return `${visible(file, 300)}:${line}:${column}`;
}

/** `Ingress shop/web` */
export function objectOf(origin: Origin): string {
  const { ref } = origin.source;
  return `${ref.kind} ${qualifiedName(ref)}`;
}

/** Every finding once, whichever part of the conversion holds it: worst first, then by code and place. */
export function allFindings(conversion: Conversion): Finding[] {
  const all = new Set([...conversion.cluster.findings, ...conversion.findings]);
  for (const outcome of conversion.outcomes) for (const finding of outcome.findings) all.add(finding);
  return [...all]
    .map((finding) => ({ finding, key: sortKey(finding) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ finding }) => finding);
}

function sortKey({ type, origin }: Finding): string {
  const head = `${severities.indexOf(type.severity)}\0${type.code}\0`;
  return origin === undefined ? head : head + placeKey(origin);
}

/** Sorts like the places themselves, by file, object and path, without looking for lines. */
export function placeKey({ source, path }: Origin): string {
  const { kind, namespace, name } = source.ref;
  const steps = path.map((step) => (typeof step === 'number' ? String(step).padStart(6, '0') : step));
  return [source.file, kind, namespace, name, ...steps].join('\0');
}

/** Findings of one code, in the order of `allFindings`. */
export interface FindingGroup {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  readonly url: string | undefined;
  readonly findings: readonly Finding[];
}

export function groupByCode(findings: readonly Finding[]): FindingGroup[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.type.code);
    if (group === undefined) groups.set(finding.type.code, [finding]);
    else group.push(finding);
  }
  return [...groups].map(([code, group]) => {
    const { severity, summary, url } = group[0]!.type;
    return { code, severity, summary, url, findings: group };
  });
}

/** The findings of each Ingress, by `namespace/name`, and those that belong to none. */
export function findingsByIngress(findings: readonly Finding[]): {
  readonly byIngress: ReadonlyMap<string, readonly Finding[]>;
  readonly rest: readonly Finding[];
} {
  const byIngress = new Map<string, Finding[]>();
  const rest: Finding[] = [];
  for (const finding of findings) {
    const name = ingressOf(finding);
    const known = name === undefined ? rest : byIngress.get(name);
    if (known === undefined) byIngress.set(name!, [finding]);
    else known.push(finding);
  }
  return { byIngress, rest };
}

/** The Ingress in which a finding stands, else the one it speaks of. */
export function ingressOf({ origin, scope }: Finding): string | undefined {
  if (origin?.source.ref.kind === 'Ingress') return qualifiedName(origin.source.ref);
  return scope.kind === 'ingress' ? qualifiedName(scope.ingress) : undefined;
}
