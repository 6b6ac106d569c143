import type { ClusterObject, IssuerDefault } from './cluster.ts';
import { isMapping, type Mapping } from './fields.ts';

const FLAG = /^--default-issuer-(name|kind|group)=(.+)$/;

/** The issuer that cert-manager uses for Ingresses that name none; undefined for a workload that has no such flag. */
export function readIssuerDefault(object: ClusterObject, body: Mapping): IssuerDefault | undefined {
  const flags = new Map<string, string>();
  for (const word of wordsOf(body)) {
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

function wordsOf(body: Mapping): string[] {
  let pod: unknown = body;
  for (const key of ['spec', 'template', 'spec']) pod = isMapping(pod) ? pod[key] : undefined;
  const containers = isMapping(pod) && Array.isArray(pod['containers']) ? pod['containers'] : [];
  return containers.filter(isMapping).flatMap(({ args }) => (Array.isArray(args) ? args.map(String) : []));
}
