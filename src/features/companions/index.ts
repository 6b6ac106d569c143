import { type Finding, finding } from '../../domain/findings.ts';
import type { Options } from '../../domain/options.ts';
import type { Origin } from '../../domain/origin.ts';
import type { OutcomeStatus } from '../../domain/outcome.ts';
import type { Lookup } from '../../nginx/lookup.ts';
import type { ModelIngress, Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Ingress } from '../../read/cluster.ts';
import type { Context, Feature } from '../feature.ts';
import { credentialOf } from '../tls/tls.ts';
import {
  certificateFields,
  certificateOf,
  existingIssue,
  type Issuer,
  isNamespaced,
  issuerOf,
} from './cert-manager.ts';
import { dnsAnnotations, isExternalDns } from './external-dns.ts';
import * as types from './findings.ts';

/** What cert-manager and external-dns do for an Ingress, moved to the objects that take its place. */
export const companions: Feature = {
  name: 'companions',
  findings: types.companionFindingTypes,
  server(server, context) {
    const { options, model } = context;
    const effects: Effect[] = [];
    const annotations = dnsAnnotations(server);
    if (Object.keys(annotations).length > 0 && options.gateway.existing === undefined)
      effects.push({ kind: 'gateway-annotations', annotations });
    const credential = credentialOf(server, options, model.controller.flags.defaultSslCertificate);
    const certificate = credential && certificateOf(server, credential.name, context);
    if (certificate !== undefined) effects.push({ kind: 'object', file: 'shared', object: certificate });
    const findings = certificate === undefined ? [] : issuedWithoutAnnotation(server, context);
    return effects.length === 0 ? nothing : { effects, claims: [], findings };
  },
};

/** What is reported of a Certificate of the input that no annotation asks for: it has its place in the `tls` entry. */
function issuedWithoutAnnotation({ tls }: Server, { cluster, options }: Context): readonly Finding[] {
  const certificate = tls?.certificate;
  if (
    tls === undefined ||
    certificate?.kind !== 'secret' ||
    issuerOf(tls.owner.ingress, options, cluster) !== undefined
  )
    return [];
  const existing = existingIssue(cluster, `${certificate.namespace}/${certificate.name}`);
  return existing === undefined ? [] : [issuedBy(existing.issuer, options, { origin: tls.origin })];
}

function issuedBy(
  issuer: Pick<Issuer, 'name' | 'kind'>,
  { gateway: { namespace } }: Options,
  at: { readonly origin: Origin },
): Finding {
  const type = isNamespaced(issuer) ? types.issuerMoves : types.certificateMoved;
  return finding(type, { issuer: issuer.name, namespace }, at);
}

interface Companion {
  readonly key: string;
  readonly owner: string;
  readonly origin: Origin;
}

/** What becomes of an annotation that another tool reads; for the ledger, since a feature claims only those of ingress-nginx. */
export function judgeCompanion(
  annotation: Companion,
  { ingress }: ModelIngress,
  options: Options,
  cluster: Lookup,
): { readonly status: OutcomeStatus; readonly reason: string; readonly findings: readonly Finding[] } {
  const { key, owner, origin } = annotation;
  const at = { origin, scope: { kind: 'ingress' as const, ingress: ingress.ref } };
  if (isExternalDns(key)) {
    if (options.gateway.existing !== undefined) {
      const args = { name: key, gateway: options.gateway.existing };
      return { status: 'manual', reason: '', findings: [finding(types.dnsElsewhere, args, at)] };
    }
    const reason = "It's on the Gateway, where external-dns reads it.";
    return { status: 'converted', reason, findings: [finding(types.dnsMoved, { name: key }, at)] };
  }
  if (owner !== 'cert-manager') {
    return {
      status: 'manual',
      reason: '',
      findings: [finding(types.companionLeft, { name: key, owner }, at)],
    };
  }
  if (ingress.tls.length === 0) {
    const reason = 'cert-manager does nothing for an Ingress without a tls section.';
    return { status: 'no-effect-today', reason, findings: [] };
  }
  return judgeCertManager(key, ingress, options, cluster, at);
}

function judgeCertManager(
  key: string,
  ingress: Ingress,
  options: Options,
  cluster: Lookup,
  at: { readonly origin: Origin },
): ReturnType<typeof judgeCompanion> {
  const issuer = issuerOf(ingress, options, cluster);
  const existing = options.tls !== 'copy' && hasCertificates(ingress, cluster);
  if (issuer === undefined && !existing && key === 'kubernetes.io/tls-acme')
    return { status: 'manual', reason: '', findings: [finding(types.defaultIssuer, {}, at)] };
  if (key.startsWith('acme.cert-manager.io/'))
    return { status: 'manual', reason: '', findings: [finding(types.solver, { name: key }, at)] };
  if (options.tls === 'copy' || (issuer === undefined && !existing)) {
    const args = { name: key };
    return { status: 'manual', reason: '', findings: [finding(types.notRenewed, args, at)] };
  }
  if (!existing && !certificateFields.has(key) && key !== 'kubernetes.io/tls-acme') {
    const args = { name: key, owner: 'cert-manager' };
    return { status: 'manual', reason: '', findings: [finding(types.companionLeft, args, at)] };
  }
  const findings = issuer !== undefined && key === issuer.key ? [issuedBy(issuer, options, at)] : [];
  return { status: 'converted', reason: "It's in a Certificate in the gateway's namespace.", findings };
}

/** Whether the input has a Certificate for each Secret of the Ingress. */
function hasCertificates({ ref, tls }: Ingress, cluster: Lookup): boolean {
  return tls.every(
    ({ secretName }) => existingIssue(cluster, `${ref.namespace}/${secretName}`) !== undefined,
  );
}
