import { recordAt, textsAt } from '../../domain/fields.ts';
import { grouped } from '../../domain/grouped.ts';
import type { Options } from '../../domain/options.ts';
import type { IstioObject } from '../../istio-api/objects.ts';
import { memoize } from '../../memoize.ts';
import type { Lookup } from '../../nginx/lookup.ts';
import type { NginxModel, Server } from '../../nginx/model.ts';
import type { Ingress } from '../../read/cluster.ts';
import type { Context } from '../feature.ts';

/** Who signs: what cert-manager's ingress-shim reads (cert-manager.io/docs/usage/ingress, "Supported annotations"). */
export interface Issuer {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  /** The annotation that names it. */
  readonly key: string;
}

const group = 'cert-manager.io';

const acme = 'kubernetes.io/tls-acme';

/** Undefined where neither an annotation names an issuer, nor, for `kubernetes.io/tls-acme`, cert-manager's own settings. */
export function issuerOf(
  { annotations }: Ingress,
  options: Pick<Options, 'defaultIssuer'>,
  { cluster }: Pick<Lookup, 'cluster'>,
): Issuer | undefined {
  for (const prefix of ['cert-manager.io', 'certmanager.k8s.io']) {
    const cluster = annotations.get(`${prefix}/cluster-issuer`)?.trim();
    const key = cluster ? `${prefix}/cluster-issuer` : `${prefix}/issuer`;
    const name = cluster || annotations.get(key)?.trim();
    if (name === undefined || name === '') continue;
    const kind = annotations.get(`${prefix}/issuer-kind`)?.trim() || (cluster ? 'ClusterIssuer' : 'Issuer');
    return { name, kind, group: annotations.get(`${prefix}/issuer-group`)?.trim() || group, key };
  }
  return annotations.get(acme)?.trim() === 'true' ? defaultIssuer(options, cluster) : undefined;
}

function defaultIssuer(
  { defaultIssuer: named }: Pick<Options, 'defaultIssuer'>,
  { issuerDefaults }: Lookup['cluster'],
): Issuer | undefined {
  if (named !== undefined) {
    const [name = '', kind = 'ClusterIssuer'] = named.split('/').reverse();
    return { name, kind, group, key: acme };
  }
  const [shown] = issuerDefaults;
  return shown && { name: shown.name, kind: shown.kind, group: shown.group, key: acme };
}

/** A namespaced issuer signs for its own namespace alone. */
export function isNamespaced({ kind }: Pick<Issuer, 'kind'>): boolean {
  return kind === 'Issuer';
}

/** Whether a Certificate in the gateway's namespace takes the place of the Secret's copy. */
export function writesCertificate(server: Server, context: Context): boolean {
  return issuedFor(server, context) !== undefined;
}

/** The Certificate that cert-manager has of the `tls` entry today, in the namespace where the gateway looks for the Secret `name`. */
export function certificateOf(server: Server, name: string, context: Context): IstioObject | undefined {
  const issued = issuedFor(server, context);
  if (issued === undefined) return undefined;
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace: context.options.gateway.namespace },
    spec: { secretName: name, ...issued },
  };
}

/** The spec of the Certificate today, but for its Secret: of the input's own, else of the one that cert-manager makes for the Ingress. */
function issuedFor({ host, tls }: Server, { options, cluster, model }: Context): object | undefined {
  const certificate = tls?.certificate;
  if (options.tls === 'copy' || tls === undefined || certificate?.kind !== 'secret') return undefined;
  const secret = `${certificate.namespace}/${certificate.name}`;
  const existing = existingIssue(cluster, secret);
  if (existing !== undefined) return existing.spec;
  if (issuerOf(tls.owner.ingress, options, cluster) === undefined) return undefined;
  const users = (usersOfSecrets(model).get(secret) ?? []).filter(
    (one) => issuerOf(one, options, cluster) !== undefined,
  );
  const [ingress = tls.owner.ingress] = users;
  const issuer = issuerOf(ingress, options, cluster)!;
  const hosts = users.flatMap((user) =>
    user.tls
      .filter(({ secretName }) => secretName === certificate.name)
      .flatMap((entry) => entry.hosts.map((name) => name.toLowerCase())),
  );
  return {
    issuerRef: { name: issuer.name, kind: issuer.kind, group: issuer.group },
    dnsNames: [...new Set(hosts.length > 0 ? hosts : [host])].sort(),
    ...wishes(ingress),
  };
}

/** Served Ingresses by the Secrets of their `tls` entries, in the order of the model: those that share one share its Certificate. */
const usersOfSecrets = memoize((model: NginxModel): ReadonlyMap<string, readonly Ingress[]> => {
  const served = model.ingresses.filter(({ state }) => state.kind === 'served');
  return grouped(
    served.map(({ ingress }) => ingress),
    ({ ref, tls }) => tls.map(({ secretName }) => `${ref.namespace}/${secretName}`),
  );
});

/** What a Certificate of the input asks for: its issuer, and the spec that another one needs to get the same certificate. */
export function existingIssue(
  cluster: Lookup,
  secret: string,
): { readonly issuer: Omit<Issuer, 'key'>; readonly spec: object } | undefined {
  const object = cluster.certificateOfSecret(secret);
  if (object === undefined) return undefined;
  const spec = recordAt(object.body, 'spec');
  const { name, kind = 'Issuer', group: of = group } = recordAt(spec, 'issuerRef');
  const names = textsAt(spec, 'dnsNames');
  if (typeof name !== 'string' || typeof kind !== 'string' || typeof of !== 'string' || names.length === 0)
    return undefined;
  const issuer = { name, kind, group: of };
  const dnsNames = [...new Set(names)].sort();
  return { issuer, spec: { issuerRef: issuer, dnsNames, ...fieldsOf(spec) } };
}

/** The fields of a Certificate that our schema has, as they are. */
function fieldsOf(spec: Readonly<Record<string, unknown>>): object {
  const names = [
    'commonName',
    'duration',
    'renewBefore',
    'revisionHistoryLimit',
    'usages',
    'isCA',
    'subject',
    'privateKey',
  ];
  return defined(Object.fromEntries(names.map((name) => [name, spec[name]])));
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
