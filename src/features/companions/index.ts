import { type Finding, finding } from '../../domain/findings.ts';
import type { Options } from '../../domain/options.ts';
import type { Origin } from '../../domain/origin.ts';
import type { OutcomeStatus } from '../../domain/outcome.ts';
import type { ModelIngress } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Feature } from '../feature.ts';
import { credentialOf } from '../tls/tls.ts';
import { certificateFields, certificateOf, type Issuer, isNamespaced, issuerOf } from './cert-manager.ts';
import { dnsAnnotations, isExternalDns } from './external-dns.ts';
import * as types from './findings.ts';

/** What cert-manager and external-dns do for an Ingress, moved to the objects that take its place. */
export const companions: Feature = {
  name: 'companions',
  findings: types.companionFindingTypes,
  server(server, { options, model }) {
    const effects: Effect[] = [];
    const annotations = dnsAnnotations(server);
    if (Object.keys(annotations).length > 0 && options.gateway.existing === undefined)
      effects.push({ kind: 'gateway-annotations', annotations });
    const credential = credentialOf(server, options, model.controller.flags.defaultSslCertificate);
    const certificate = credential && certificateOf(server, credential.name, options);
    if (certificate !== undefined) effects.push({ kind: 'object', file: 'shared', object: certificate });
    return effects.length === 0 ? nothing : { effects, claims: [], findings: [] };
  },
};

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
): { readonly status: OutcomeStatus; readonly reason: string; readonly findings: readonly Finding[] } {
  const { key, owner, origin } = annotation;
  const at = { origin, scope: { kind: 'ingress' as const, ingress: ingress.ref } };
  if (isExternalDns(key)) {
    if (options.gateway.existing !== undefined) {
      const args = { name: key, gateway: options.gateway.existing };
      return { status: 'manual', reason: '', findings: [finding(types.dnsElsewhere, args, at)] };
    }
    const reason = 'It stands on the Gateway, where external-dns reads it.';
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
  return judgeCertManager(key, issuerOf(ingress), options, at);
}

function judgeCertManager(
  key: string,
  issuer: Issuer | undefined,
  options: Options,
  at: { readonly origin: Origin },
): ReturnType<typeof judgeCompanion> {
  if (issuer === undefined && key === 'kubernetes.io/tls-acme')
    return { status: 'manual', reason: '', findings: [finding(types.defaultIssuer, {}, at)] };
  if (key.startsWith('acme.cert-manager.io/'))
    return { status: 'manual', reason: '', findings: [finding(types.solver, { name: key }, at)] };
  if (options.tls === 'copy' || issuer === undefined) {
    const args = { name: key };
    return { status: 'manual', reason: '', findings: [finding(types.notRenewed, args, at)] };
  }
  if (!certificateFields.has(key) && key !== 'kubernetes.io/tls-acme') {
    const args = { name: key, owner: 'cert-manager' };
    return { status: 'manual', reason: '', findings: [finding(types.companionLeft, args, at)] };
  }
  const findings = [
    ...(key !== issuer.key
      ? []
      : isNamespaced(issuer)
        ? [finding(types.issuerMoves, { issuer: issuer.name, namespace: options.gateway.namespace }, at)]
        : [
            finding(
              types.certificateMoved,
              { issuer: issuer.name, namespace: options.gateway.namespace },
              at,
            ),
          ]),
  ];
  return { status: 'converted', reason: 'It is in a Certificate in the namespace of the gateway.', findings };
}
