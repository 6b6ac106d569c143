import type { Options } from '../../domain/options.ts';
import type { IstioObject } from '../../istio-api/objects.ts';
import type { Server } from '../../nginx/model.ts';
import type { Ingress } from '../../read/cluster.ts';

/** Who signs: what cert-manager's ingress-shim reads (cert-manager.io/docs/usage/ingress, "Supported annotations"). */
export interface Issuer {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  /** The annotation that names it. */
  readonly key: string;
}

const group = 'cert-manager.io';

/** Undefined where no annotation names an issuer; `kubernetes.io/tls-acme` leaves it to cert-manager's own settings. */
export function issuerOf({ annotations }: Ingress): Issuer | undefined {
  for (const prefix of ['cert-manager.io', 'certmanager.k8s.io']) {
    const cluster = annotations.get(`${prefix}/cluster-issuer`)?.trim();
    const key = cluster ? `${prefix}/cluster-issuer` : `${prefix}/issuer`;
    const name = cluster || annotations.get(key)?.trim();
    if (name === undefined || name === '') continue;
    const kind = annotations.get(`${prefix}/issuer-kind`)?.trim() || (cluster ? 'ClusterIssuer' : 'Issuer');
    return { name, kind, group: annotations.get(`${prefix}/issuer-group`)?.trim() || group, key };
  }
  return undefined;
}

/** A namespaced issuer signs for its own namespace alone. */
export function isNamespaced({ kind }: Issuer): boolean {
  return kind === 'Issuer';
}

/** Whether a Certificate in the gateway's namespace takes the place of the Secret's copy. */
export function writesCertificate(server: Server, options: Options): boolean {
  return (
    options.tls === 'certificate' &&
    server.tls?.certificate.kind === 'secret' &&
    issuerOf(server.tls.owner.ingress) !== undefined
  );
}

/** The Certificate that cert-manager makes of the `tls` entry today, in the namespace where the gateway looks for the Secret `name`. */
export function certificateOf(server: Server, name: string, options: Options): IstioObject | undefined {
  const certificate = server.tls?.certificate;
  if (server.tls === undefined || certificate?.kind !== 'secret' || !writesCertificate(server, options))
    return undefined;
  const { ingress } = server.tls.owner;
  const issuer = issuerOf(ingress);
  if (issuer === undefined) return undefined;
  const hosts = ingress.tls
    .filter(({ secretName }) => secretName === certificate.name)
    .flatMap((entry) => entry.hosts.map((host) => host.toLowerCase()));
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace: options.gateway.namespace },
    spec: {
      secretName: name,
      issuerRef: { name: issuer.name, kind: issuer.kind, group: issuer.group },
      dnsNames: [...new Set(hosts.length > 0 ? hosts : [server.host])].sort(),
      ...wishes(ingress),
    },
  };
}

/** Annotations of cert-manager that become fields of the Certificate. */
export const certificateFields: ReadonlySet<string> = new Set([
  'cert-manager.io/cluster-issuer',
  'cert-manager.io/issuer',
  'cert-manager.io/issuer-kind',
  'cert-manager.io/issuer-group',
  'cert-manager.io/common-name',
  'cert-manager.io/duration',
  'cert-manager.io/renew-before',
  'cert-manager.io/usages',
  'cert-manager.io/private-key-algorithm',
  'cert-manager.io/private-key-encoding',
  'cert-manager.io/private-key-size',
  'cert-manager.io/private-key-rotation-policy',
  'cert-manager.io/revision-history-limit',
  'certmanager.k8s.io/cluster-issuer',
  'certmanager.k8s.io/issuer',
]);

const goDuration = /^(?:[0-9]+(?:h|m|s))+$/;

function wishes({ annotations }: Ingress): object {
  const said = (name: string): string | undefined => annotations.get(`cert-manager.io/${name}`)?.trim();
  const oneOf = (name: string, values: readonly string[]): string | undefined =>
    values.find((value) => value === said(name));
  const count = (name: string): number | undefined => {
    const text = said(name);
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const time = (name: string): string | undefined => {
    const text = said(name);
    return text !== undefined && goDuration.test(text) ? text : undefined;
  };
  const usages = (said('usages') ?? '')
    .split(',')
    .map((usage) => usage.trim())
    .filter((usage) => usage !== '');
  const privateKey = defined({
    algorithm: oneOf('private-key-algorithm', ['RSA', 'ECDSA', 'Ed25519']),
    encoding: oneOf('private-key-encoding', ['PKCS1', 'PKCS8']),
    size: count('private-key-size'),
    rotationPolicy: oneOf('private-key-rotation-policy', ['Always', 'Never']),
  });
  return {
    ...defined({
      commonName: said('common-name'),
      duration: time('duration'),
      renewBefore: time('renew-before'),
      revisionHistoryLimit: count('revision-history-limit'),
    }),
    ...(usages.length > 0 && { usages }),
    ...(Object.keys(privateKey).length > 0 && { privateKey }),
  };
}

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
