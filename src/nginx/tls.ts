import { originOf } from '../domain/origin.ts';
import type { SecretSummary } from '../read/cluster.ts';
import type { Lookup } from './lookup.ts';
import type { ModelIngress, ServerTls } from './model.ts';

/**
 * The certificate of a host: the first Ingress of the host with a `tls` section decides, for better or worse
 * (ingress-nginx 1.15.1, controller/controller.go createServers and extractTLSSecretName).
 */
export function serverTls(
  host: string,
  ingresses: readonly ModelIngress[],
  lookup: Lookup,
): ServerTls | undefined {
  const owner = ingresses.find((candidate) => !candidate.canary && candidate.ingress.tls.length > 0);
  if (owner === undefined) return undefined;
  const { ingress } = owner;
  const namespace = ingress.ref.namespace;
  const secretOf = (name: string): SecretSummary | undefined => lookup.secret(`${namespace}/${name}`);
  const listed = ingress.tls.find((entry) =>
    entry.hosts.some((name) => name.toLowerCase() === host.toLowerCase()),
  );
  const entry =
    listed ??
    ingress.tls.find(
      (candidate) =>
        candidate.secretName !== '' && covers(secretOf(candidate.secretName)?.certificateNames, host),
    );
  const origin = entry?.origin ?? originOf(ingress.source, 'spec', 'tls');
  const byDefault = (reason: string, secretFound = true): ServerTls => ({
    certificate: { kind: 'default', reason },
    secretFound,
    owner,
    origin,
  });
  if (host === '') return byDefault('rules without a host always show the default certificate');
  if (entry === undefined)
    return byDefault('no tls entry names the host, and no certificate of this Ingress covers it');
  if (entry.secretName === '') return byDefault('its tls entry names no Secret');
  const secret = secretOf(entry.secretName);
  if (secret?.brokenCertificate === true)
    return byDefault(`the certificate in ${namespace}/${entry.secretName} cannot be read`);
  const certificate = { kind: 'secret' as const, namespace, name: entry.secretName };
  if (secret === undefined && lookup.cluster.secrets.length > 0) {
    return byDefault(`the Secret ${namespace}/${entry.secretName} is not among those of the input`, false);
  }
  if (secret === undefined) return { certificate, secretFound: false, owner, origin };
  if (secret.keys !== undefined && !(secret.keys.includes('tls.crt') && secret.keys.includes('tls.key'))) {
    return byDefault(`the Secret ${namespace}/${entry.secretName} has no tls.crt and tls.key`);
  }
  if (secret.certificateNames !== undefined && !covers(secret.certificateNames, host)) {
    return byDefault(`the certificate in ${namespace}/${entry.secretName} does not cover ${host}`);
  }
  return { certificate, secretFound: true, owner, origin };
}

/** Whether a certificate's names cover a host: exactly, or by a wildcard for one label. */
export function covers(names: readonly string[] | undefined, host: string): boolean {
  const wanted = host.toLowerCase();
  return (names ?? []).some((name) => {
    const pattern = name.toLowerCase();
    if (pattern === wanted) return true;
    return (
      pattern.startsWith('*.') &&
      !wanted.startsWith('*.') &&
      wanted.slice(wanted.indexOf('.')) === pattern.slice(1)
    );
  });
}
