import type { Options } from '../domain/options.ts';

/** The name of a Service in the mesh. */
export function serviceHost(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  options: Options,
): string {
  return `${name}.${namespace}.svc.${options.clusterDomain}`;
}

/** A host as DNS names it, without the dot of the root. */
export function externalHostName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
