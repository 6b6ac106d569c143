import type { Conversion } from '../../conversion/conversion.ts';
import { upstreamKey } from '../../nginx/backends.ts';
import type { Judged } from './classifier.ts';
import type { LogRecord } from './record.ts';
import type { CountedKind } from './tally.ts';

/** Lines that the model does not explain. */
export interface Unexplained {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly status: number;
  /** '' where the log names none. */
  readonly upstream: string;
  /** What the model says instead: a status, or the backend. */
  readonly expected: string;
  readonly requests: number;
  /** Where the first ones stand. */
  readonly examples: readonly string[];
}

const mostExamples = 3;

/** Why the model has no upstream of that name: its Ingress is not served, as far as the input says. */
export function upstreamsNotServed({ model }: Conversion): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { ingress, state } of model.ingresses) {
    if (state.kind === 'served') continue;
    const { namespace, name } = ingress.ref;
    for (const { backend } of ingress.rules.flatMap(({ paths = [] }) => paths))
      if (backend.kind === 'service')
        reasons.set(
          upstreamKey(namespace, backend),
          `the model does not serve ${namespace}/${name}: ${state.reason}`,
        );
  }
  return reasons;
}

export function addUnexplained(
  all: Map<string, Unexplained & { requests: number; examples: string[] }>,
  path: string,
  { count, example }: CountedKind,
  { method, status, upstream = '', host }: LogRecord,
  judged: Judged | undefined,
  notServed: ReadonlyMap<string, string>,
): void {
  const route = judged?.candidate.expected.route;
  const draft = {
    host: host === undefined ? (judged?.candidate.host ?? '*') : (judged?.candidate.host ?? host),
    path,
    method,
    status,
    upstream,
    expected:
      route === undefined
        ? (notServed.get(upstream) ?? 'no host has this upstream')
        : route.answer === ''
          ? route.backend
          : route.answer,
  };
  const key = JSON.stringify(draft);
  const known = all.get(key) ?? { ...draft, requests: 0, examples: [] };
  all.set(key, known);
  known.requests += count;
  if (known.examples.length < mostExamples) known.examples.push(example);
}
