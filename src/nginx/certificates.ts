import type { Lookup } from './lookup.ts';
import type { Server } from './model.ts';
import { covers } from './tls.ts';

/**
 * Whether the certificate of a host also serves another name of it: an alias, or the other of `x` and `www.x`. The controller
 * registers it for names that it covers; for all others nginx shows the default certificate (ingress-nginx 1.15.1,
 * controller/nginx.go configureCertificates, buildRedirects). A certificate that the input does not show is taken to cover all.
 */
export function sharesCertificate({ tls }: Server, name: string, lookup: Lookup): boolean {
  if (tls === undefined) return false;
  const { certificate } = tls;
  if (certificate.kind === 'default') return false;
  const names = lookup.secret(`${certificate.namespace}/${certificate.name}`)?.certificateNames;
  return names === undefined || covers(names, name);
}

/**
 * Whether nginx has a certificate for a name of a server, which is when `ssl-redirect` acts: its own host's, or that of the
 * wildcard above the name (ingress-nginx 1.15.1, lua/certificate.lua configured_for_current_request).
 */
export function hasCertificate(
  server: Server,
  name: string,
  servers: ReadonlyMap<string, Server>,
  lookup: Lookup,
): boolean {
  const own = name === server.host ? server.tls !== undefined : sharesCertificate(server, name, lookup);
  return own || (!name.startsWith('*.') && wildcardAbove(name, servers)?.tls !== undefined);
}

function wildcardAbove(name: string, servers: ReadonlyMap<string, Server>): Server | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : servers.get(`*${name.slice(dot)}`);
}
