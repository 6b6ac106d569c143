import type { Annotation } from '../decode/annotation.ts';
import type { Mappings } from '../decode/mapping.ts';
import type { Converted } from '../features/convert.ts';
import { type Finding, finding } from '../findings.ts';
import type { Assembly } from '../istio/assemble.ts';
import type { TcpAssembly } from '../istio/tcp.ts';
import type { BuiltModel } from '../nginx/build.ts';
import type { ModelIngress } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import type { Outcome } from '../outcome.ts';
import type { Cluster, Ingress } from '../read/cluster.ts';
import { originOf } from '../read/origin.ts';
import { annotationOutcomes } from './annotations.ts';
import * as told from './findings.ts';
import { optionOutcomes } from './options.ts';
import { routeOutcomes } from './routes.ts';

/** All that the ledger looks at: the input, and what each step made of it. */
export interface Books {
  readonly cluster: Cluster;
  readonly annotations: ReadonlyMap<Ingress, readonly Annotation[]>;
  readonly built: BuiltModel;
  readonly converted: Converted;
  readonly assembly: Assembly;
  readonly tcp: TcpAssembly;
  readonly options: Options;
  readonly mappings: Mappings;
}

/** Gives each subject of the input its one outcome. A subject without one is a defect of ours, which the ledger test would find. */
export function keepLedger(books: Books): { outcomes: Outcome[]; findings: Finding[] } {
  const { built, converted, assembly, tcp } = books;
  const routes = routeOutcomes(books);
  const annotations = annotationOutcomes(books);
  const options = optionOutcomes(books);
  const findings = [
    ...built.model.ingresses.flatMap(selectionFindings),
    ...annotations.findings,
    ...routes.findings,
    ...converted.findings,
    ...assembly.findings,
    ...tcp.findings,
    ...options.findings,
  ];
  return {
    outcomes: [
      ...annotations.outcomes,
      ...converted.outcomes,
      ...routes.outcomes,
      ...tcp.outcomes,
      ...options.outcomes,
    ],
    findings: withoutRepeats(findings),
  };
}

function selectionFindings({ ingress, state }: ModelIngress): Finding[] {
  const origin = originOf(ingress.source, 'metadata', 'name');
  const scope = { kind: 'ingress' as const, ingress: ingress.ref };
  if (state.kind === 'dropped')
    return [finding(told.dropped, { reason: state.reason }, { origin: state.origin, scope })];
  if (state.kind !== 'not-selected') return [];
  const classless =
    (ingress.className ?? ingress.annotations.get('kubernetes.io/ingress.class') ?? '') === '';
  return [finding(classless ? told.noClass : told.notSelected, { reason: state.reason }, { origin, scope })];
}

/** Features speak once a location; what they say of one place in the same words is one finding. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Map<object, Set<string>>();
  const nowhere = {};
  return findings.filter(({ type, args, origin, scope }) => {
    const place = origin?.source ?? nowhere;
    const known = seen.get(place) ?? new Set<string>();
    seen.set(place, known);
    const key = JSON.stringify([type.code, args, origin?.path, scope]);
    return !known.has(key) && known.add(key);
  });
}
