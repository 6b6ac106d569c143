import { type Finding, finding } from '../../../domain/findings.ts';
import { type ClientCertificates, clientCertificatesOf } from '../../../nginx/client-certificates.ts';
import type { Server } from '../../../nginx/model.ts';
import type { Effect } from '../../../plan/effect.ts';
import { type Claim, type FeatureResult, nothing } from '../../../plan/result.ts';
import { claimAll } from '../../claims.ts';
import type { Context, Feature } from '../../feature.ts';
import { redirectsEveryName } from '../../routing/ssl-redirect.ts';
import { credentialOf } from '../../tls/tls.ts';
import { headerEffects, subjectRules } from './effects.ts';
import * as types from './findings.ts';
import { authorityStep, requestingEffects } from './gateway.ts';

const names = [
  'auth-tls-secret',
  'auth-tls-verify-client',
  'auth-tls-verify-depth',
  'auth-tls-error-page',
  'auth-tls-pass-certificate-to-upstream',
  'auth-tls-match-cn',
];

/**
 * Client certificates, which the whole host asks for over HTTPS alone (ingress-nginx 1.15.1, annotations/authtls,
 * template/nginx.tmpl; scenarios auth-tls*). Without EnvoyFilters the TLS handshake refuses, with them routes answer as nginx.
 */
export const authTls: Feature = {
  name: 'auth-tls',
  findings: types.authTlsFindings,
  server(server, context) {
    if (!server.ingresses.some(({ annotations }) => names.some((name) => annotations.has(name))))
      return nothing;
    const requested = clientCertificatesOf(server, context.cluster);
    const others = (reason: string): Claim[] =>
      server.ingresses
        .filter((ingress) => ingress !== requested?.owner)
        .flatMap((ingress) => claimAll(ingress, names, 'no-effect-today', { reason }));
    if (server.denied !== undefined)
      return { ...nothing, claims: others("The host returns 403 today, because a setting can't be used.") };
    if (requested === undefined)
      return { ...nothing, claims: others('No Secret with ca.crt is named, so nobody is asked.') };
    const result = ask(server, requested, context);
    return {
      ...result,
      claims: [...result.claims, ...others('The first Ingress of the host that names a CA decides.')],
    };
  },
  location(location, context) {
    const requested = clientCertificatesOf(location.server, context.cluster);
    if (requested === undefined || whyClosed(location.server, requested, context) !== undefined)
      return nothing;
    const exact = context.options.envoyFilters === 'allow';
    return {
      ...nothing,
      effects: [
        ...headerEffects(requested, exact),
        ...(exact && requested.subject !== undefined ? subjectRules(requested.subject) : []),
      ],
    };
  },
};

function ask(server: Server, requested: ClientCertificates, context: Context): FeatureResult {
  const { owner } = requested;
  const { host } = server;
  const origin = owner.annotations.get('auth-tls-secret')?.origin;
  const scope = { kind: 'host' as const, host };
  const overTls = { origin, scope: { ...scope, tls: true as const } };
  const credential = credentialOf(
    server,
    context.options,
    context.model.controller.flags.defaultSslCertificate,
  );
  // nginx compares the subject over plain HTTP, too, where there is none.
  const plain: Effect[] =
    requested.subject === undefined
      ? []
      : [{ kind: 'answer', phase: 'client-denied', when: { tls: false }, answer: { status: 403 } }];
  if (credential === undefined) {
    const reason = 'The host has no HTTPS without a certificate (--default-certificate).';
    return { effects: plain, claims: claimAll(owner, names, 'opt-in', { reason }), findings: [] };
  }
  const closing = whyClosed(server, requested, context);
  if (closing !== undefined) {
    return {
      effects: [...plain, { kind: 'answer', phase: 'closed', when: { tls: true }, answer: { status: 503 } }],
      claims: claimAll(owner, names, 'closed', { reason: `Not converted: ${closing.reason}.` }),
      findings: [finding(types.closed, { host, ...closing }, overTls)],
    };
  }
  const exact = context.options.envoyFilters === 'allow';
  const step = authorityStep(requested, credential, server, context.options);
  const findings: Finding[] = [];
  const tell = (type: typeof types.handshake): void => void findings.push(finding(type, { host }, overTls));
  if (!exact && requested.verify !== 'off') tell(types.handshake);
  if (requested.verify === 'optional_no_ca') tell(exact ? types.failureReason : types.noAuthority);
  if (requested.subject !== undefined) tell(types.subjectRefused);
  if (requested.subject === undefined && !server.locations.every((one) => redirectsEveryName(one, context)))
    findings.push(finding(types.plainHttp, { host }, { origin, scope }));
  return {
    effects: [
      ...plain,
      ...requestingEffects(requested, server, exact),
      ...(step ? [{ kind: 'step' as const, step }] : []),
    ],
    claims: [
      ...claimAll(owner, names, 'converted', { fidelity: 'equivalent' }),
      ...lessThanRequested(requested, exact),
    ],
    findings: [...findings, ...lesserFindings(server, requested, exact)],
  };
}

/** What a stable API cannot say of the certificates. */
function lessThanRequested({ owner, errorPage }: ClientCertificates, exact: boolean): Claim[] {
  const page = claimAll(owner, ['auth-tls-error-page'], exact ? 'manual' : 'opt-in', {
    reason: exact
      ? 'The page is a path of this host or a named location.'
      : 'The handshake refuses, before any answer.',
  });
  const limit = claimAll(owner, ['auth-tls-verify-depth'], 'opt-in', {
    reason: 'Envoy accepts longer chains without an EnvoyFilter.',
  });
  return [...(exact && isUrl(errorPage) ? [] : page), ...(exact ? [] : limit)];
}

function lesserFindings({ host }: Server, requested: ClientCertificates, exact: boolean): Finding[] {
  const { owner, errorPage: page } = requested;
  const at = (name: string) => ({
    origin: owner.annotations.get(name)?.origin,
    scope: { kind: 'host' as const, host, tls: true as const },
  });
  return [
    ...(page === '' || (exact && isUrl(page))
      ? []
      : [finding(types.errorPage, { host, page }, at('auth-tls-error-page'))]),
    ...(exact || !owner.annotations.has('auth-tls-verify-depth')
      ? []
      : [finding(types.depth, { host, depth: requested.depth }, at('auth-tls-verify-depth'))]),
  ];
}

export function isUrl(page: string): boolean {
  return /^https?:\/\//.test(page);
}

interface Closing {
  readonly reason: string;
  readonly remedy: string;
}

/** Why a host has to be closed over HTTPS rather than be open to clients that nginx would refuse. */
function whyClosed(server: Server, requested: ClientCertificates, context: Context): Closing | undefined {
  const { options } = context;
  const exact = options.envoyFilters === 'allow';
  if (requested.verify === 'off' && requested.subject === undefined) return undefined;
  if (requested.subject !== undefined && !exact)
    return {
      reason: 'only an EnvoyFilter can read the subject of a certificate (auth-tls-match-cn)',
      remedy:
        'Allow EnvoyFilters (--envoy-filters allow), or let the application look at ssl-client-subject-dn.',
    };
  if (options.gateway.existing !== undefined)
    return {
      reason: `the Gateway ${options.gateway.existing} is not ours to change`,
      remedy:
        'Give the host a server of its own there with tls.mode MUTUAL, or let the conversion write Gateways.',
    };
  const other = otherAuthority(server, requested, context);
  if (other !== undefined)
    return {
      reason: `${other} has the same certificate and another CA, and Istio finds the CA by the certificate's name`,
      remedy: 'Give one of the two hosts a TLS Secret of another name.',
    };
  return undefined;
}

/** The host before this one that has the same `credentialName` and another CA. */
function otherAuthority(server: Server, requested: ClientCertificates, context: Context): string | undefined {
  const { model, options, cluster } = context;
  const controllerDefault = model.controller.flags.defaultSslCertificate;
  const own = credentialOf(server, options, controllerDefault)?.name;
  for (const other of model.servers) {
    if (other === server) return undefined;
    const theirs = clientCertificatesOf(other, cluster);
    if (theirs === undefined || credentialOf(other, options, controllerDefault)?.name !== own) continue;
    const { namespace, name } = theirs.secret;
    if (namespace !== requested.secret.namespace || name !== requested.secret.name) return other.host;
  }
  return undefined;
}
