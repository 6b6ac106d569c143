import type { GatewaySpec } from '../istio-api/types.ts';

/** The hosts of a Gateway with their ports, as in `shop.example.com:443`. */
export function gatewayHosts(spec: GatewaySpec): string[] {
  return spec.servers.flatMap((server) =>
    server.hosts.map((host) => `${bareHost(host)}:${server.port.number}`),
  );
}

/** A host of a Gateway without the namespace before it. */
export function bareHost(host: string): string {
  return host.slice(host.indexOf('/') + 1).toLowerCase();
}

/** The name by which Istio knows a destination: short names belong to the namespace of the object that uses them. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  return host.includes('.') ? host : `${host}.${namespace}.svc.${clusterDomain}`;
}

/** `namespace/name` of the Service that a destination names; undefined where it is none of the cluster. */
export function serviceOf(host: string, clusterDomain: string): string | undefined {
  const suffix = `.svc.${clusterDomain}`;
  const parts = host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
  return parts.length === 2 ? `${parts[1]}/${parts[0]}` : undefined;
}

/** True where a certificate for `name` is good for `host`: a wildcard stands for one label. */
export function covers(name: string, host: string): boolean {
  const [pattern, wanted] = [name.toLowerCase(), host.toLowerCase()];
  if (pattern === wanted) return true;
  return (
    pattern.startsWith('*.') &&
    !wanted.startsWith('*') &&
    wanted.slice(wanted.indexOf('.')) === pattern.slice(1)
  );
}
