import type { Options } from '../../../domain/options.ts';
import type { ClientCertificates } from '../../../nginx/client-certificates.ts';
import type { Server } from '../../../nginx/model.ts';
import type { Effect } from '../../../plan/effect.ts';
import { literal } from '../../../plan/format.ts';
import type { Step } from '../../../plan/step.ts';
import { shellWord } from '../../../text/shell.ts';
import type { Credential } from '../../tls/tls.ts';

const downstreamTls = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';

/** How the gateway asks for certificates, and what it answers to clients without a valid one. */
export function requestingEffects(requested: ClientCertificates, server: Server, exact: boolean): Effect[] {
  if (requested.verify === 'off') return [];
  if (!exact) {
    const mode = requested.verify === 'on' ? ('MUTUAL' as const) : ('OPTIONAL_MUTUAL' as const);
    return [{ kind: 'gateway', tls: { mode } }];
  }
  return [
    { kind: 'gateway', tls: { mode: 'OPTIONAL_MUTUAL' } },
    { kind: 'filter-chain', purpose: 'client-certificates', value: takingAll(requested) },
    ...(requested.verify === 'optional_no_ca' ? [] : refusal(requested, server)),
  ];
}

/**
 * The handshake takes every certificate, so that a route can answer. The flags keep clients from resuming a session, for
 * which Envoy does not know any more whether the certificate was valid (config.route.v3.RouteMatch.TlsContextMatchOptions).
 */
function takingAll({ depth }: ClientCertificates): object {
  const validation = { max_verify_depth: depth, trust_chain_verification: 'ACCEPT_UNTRUSTED' };
  return {
    transport_socket: {
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        '@type': downstreamTls,
        disable_stateless_session_resumption: true,
        disable_stateful_session_resumption: true,
        common_tls_context: { combined_validation_context: { default_validation_context: validation } },
      },
    },
  };
}

/** nginx's 400, or its error page. Without the EnvoyFilter the route takes every request: closed, not open. */
function refusal({ verify, errorPage }: ClientCertificates, server: Server): Effect[] {
  const url = /^https?:\/\//.test(errorPage);
  const presented = verify === 'optional' ? { presented: true } : {};
  return [
    {
      kind: 'answer',
      phase: 'certificate',
      variant: 'certificate',
      // Every path, in words that istiod does not take for a route behind which nothing can come.
      when: { tls: true, headers: { ':path': { prefix: '/' } } },
      answer: url
        ? { status: 302, headers: { set: { location: literal(errorPage) } } }
        : { status: 400, body: `No valid client certificate for ${server.host}` },
    },
    {
      kind: 'route-filter',
      purpose: 'client-certificates',
      on: 'all',
      variant: 'certificate',
      value: { match: { tls_context: { ...presented, validated: false } } },
    },
  ];
}

/** The CA beside the certificate, under the name that Istio looks for; undefined where the certificate's Secret holds it. */
export function authorityStep(
  { secret, revocations, verify }: ClientCertificates,
  credential: Credential,
  server: Server,
  { gateway }: Options,
): Step | undefined {
  const { copy } = credential;
  if (verify === 'off' || (copy?.namespace === secret.namespace && copy.name === secret.name))
    return undefined;
  const name = `${credential.name}-cacert`;
  const keys = ['ca.crt', ...(revocations ? ['ca.crl'] : [])];
  const data = keys.map((key) => `"${key}": .data["${key}"]`).join(', ');
  const from = `${secret.namespace}/${secret.name}`;
  return {
    kind: 'copy-secret',
    key: `copy-secret ${from} to ${name}`,
    title: `Copy the CA in the Secret ${from} to ${gateway.namespace}/${name}`,
    commands: [
      `kubectl get secret ${shellWord(secret.name)} -n ${shellWord(secret.namespace)} -o json | jq '{apiVersion, kind, type: "Opaque", metadata: {name: "${name}", namespace: "${gateway.namespace}"}, data: {${data}}}' | kubectl apply -f -`,
    ],
    origins: [server.locations[0]!.origin],
    secret: {
      from: secret,
      to: { namespace: gateway.namespace, name },
      keys: Object.fromEntries(keys.map((key) => [key, key])),
    },
  };
}
