import type { ObjectSource } from '../../src/domain/origin.ts';
import type { Ingress } from '../../src/read/cluster.ts';

/** An Ingress that has annotations and nothing else. */
export function annotated(annotations: Record<string, string>): Ingress {
  const ref = { kind: 'Ingress', namespace: 'shop', name: 'web' };
  const source: ObjectSource = {
    ref,
    file: 'input.yaml',
    locate: () => ({ file: 'input.yaml', line: 1, column: 1 }),
  };
  return {
    ref,
    source,
    annotations: new Map(Object.entries(annotations)),
    labels: new Map(),
    createdAt: undefined,
    className: undefined,
    defaultBackend: undefined,
    tls: [],
    rules: [],
  };
}

export const prefix = 'nginx.ingress.kubernetes.io';
