import type { Finding, Severity } from '../domain/findings.ts';
import { type ObjectSource, type Origin, type Path, positionOf, qualifiedName } from '../domain/origin.ts';
import { addressOf, findingPage } from '../site.ts';
import { visible } from '../text/escape.ts';
import type { Conversion } from './conversion.ts';

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
  const all = new Set(conversion.cluster.findings);
  for (const finding of conversion.findings) all.add(finding);
  for (const outcome of conversion.outcomes) for (const finding of outcome.findings) all.add(finding);
  const byCode = new Map<string, Finding[]>();
  for (const finding of inPlaceOrder([...all], ({ origin }) => origin)) {
    const key = `${severities.indexOf(finding.type.severity)} ${finding.type.code}`;
    const group = byCode.get(key);
    if (group === undefined) byCode.set(key, [finding]);
    else group.push(finding);
  }
  return [...byCode].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => group);
}

/**
 * Sorted by file, object and path, those without a place first, without looking for lines. Objects are compared once each,
 * not once for each of their items.
 */
export function inPlaceOrder<Item>(
  items: readonly Item[],
  originOf: (item: Item) => Origin | undefined,
): Item[] {
  const nowhere: Item[] = [];
  const byObject = new Map<string, { readonly item: Item; readonly path: Path }[]>();
  const bySource = new Map<ObjectSource, { readonly item: Item; readonly path: Path }[]>();
  for (const item of items) {
    const origin = originOf(item);
    if (origin === undefined) {
      nowhere.push(item);
      continue;
    }
    let entries = bySource.get(origin.source);
    if (entries === undefined) {
      const key = objectKey(origin.source);
      entries = byObject.get(key) ?? [];
      byObject.set(key, entries);
      bySource.set(origin.source, entries);
    }
    entries.push({ item, path: origin.path });
  }
  const sorted = nowhere;
  for (const key of [...byObject.keys()].sort()) {
    const entries = byObject.get(key)!;
    if (entries.length > 1) entries.sort((a, b) => comparePaths(a.path, b.path));
    for (const { item } of entries) sorted.push(item);
  }
  return sorted;
}

function objectKey({ file, ref }: ObjectSource): string {
  return `${file}\0${ref.kind}\0${ref.namespace}\0${ref.name}`;
}

function comparePaths(a: Path, b: Path): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const [one, other] = [a[index]!, b[index]!];
    if (one === other) continue;
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    return String(one) < String(other) ? -1 : 1;
  }
  return a.length - b.length;
}

/** Findings of one code, in the order of `allFindings`. */
export interface FindingGroup {
  readonly code: string;
  readonly severity: Severity;
  readonly summary: string;
  /** Its page of the documentation. */
  readonly url: string;
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
    const { severity, summary } = group[0]!.type;
    return { code, severity, summary, url: addressOf(findingPage(code)), findings: group };
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
