import { listAt } from '../domain/fields.ts';
import type { ClusterObject, IssuerDefault } from './cluster.ts';
import type { Mapping } from './fields.ts';
import { containersOf } from './pod.ts';

const FLAG = /^--default-issuer-(name|kind|group)=(.+)$/;

/** The issuer that cert-manager uses for Ingresses that name none; undefined for a workload that has no such flag. */
export function readIssuerDefault(object: ClusterObject, body: Mapping): IssuerDefault | undefined {
  const flags = new Map<string, string>();
  const { containers } = containersOf(object, body);
  for (const word of containers.flatMap((container) => listAt(container, 'args').map(String))) {
    const [, name, value] = FLAG.exec(word) ?? [];
    if (name !== undefined && value !== undefined) flags.set(name, value);
  }
  const name = flags.get('name');
  if (name === undefined) return undefined;
  return {
    ...object,
    name,
    kind: flags.get('kind') ?? 'Issuer',
    group: flags.get('group') ?? 'cert-manager.io',
  };
}
