import { suffixOf } from '../../domain/options.ts';
import { mergeHeaders } from '../../istio-api/headers.ts';
import { objectName } from '../../istio-api/names.ts';
import type { HeaderOperations, HttpRoute } from '../../istio-api/types.ts';
import type { Server } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import type { Context, Feature } from '../feature.ts';
import { headersOfServer } from '../headers/global-headers.ts';
import { strictTransportSecurity } from '../headers/strict-transport.ts';
import { type Credential, copyStep, credentialOf, makeStep } from '../tls/tls.ts';

const file = 'ingress-unknown-hosts';

function nameIn(options: Context['options']): string {
  return objectName('ingress', 'unknown-hosts', ...suffixOf(options));
}

/**
 * nginx answers every host that no Ingress names: 404, over HTTPS with its default certificate and HSTS, and with the
 * headers of add-headers (scenarios ssl-redirect-default-tls, hsts, global-add-headers). Istio closes such HTTPS
 * connections, unless a Gateway takes every host. Where an Ingress has rules without a host, that is its own server.
 */
export const unknownHosts: Feature = {
  name: 'unknown-hosts',
  findings: [],
  server(server, context) {
    const { model, options, settings } = context;
    const served =
      options.gateway.existing !== undefined || settings.global('ssl-reject-handshake') === 'true';
    if (model.servers[0] !== server || model.servers.some(({ host }) => host === '') || served)
      return nothing;
    const certificate = options.defaultCertificate === undefined ? undefined : certificateOf(server, context);
    const added = addedHeaders(server, context);
    if (certificate === undefined && added === undefined) return nothing;
    return {
      effects: [
        { kind: 'object', file, object: gatewayOf(certificate, context) },
        { kind: 'object', file, object: answersOf(certificate, added, context) },
        ...stepsFor(certificate, server, context),
      ],
      claims: [],
      findings: [],
    };
  },
};

function certificateOf(server: Server, { options, model }: Context): Credential | undefined {
  return credentialOf({ ...server, tls: undefined }, options, model.controller.flags.defaultSslCertificate);
}

/** What add-headers sets; of the server only the variables matter, and an unknown host has none. */
function addedHeaders(server: Server, context: Context): HeaderOperations | undefined {
  const headers = headersOfServer(server, context).flatMap((effect) =>
    effect.kind === 'response-headers' ? [effect.response] : [],
  );
  return headers.length === 0 ? undefined : mergeHeaders(headers);
}

function gatewayOf(certificate: Credential | undefined, { options }: Context) {
  const { httpPort, httpsPort, selector } = options.gateway;
  const servers = [
    { port: { number: httpPort, name: 'http-unknown-hosts', protocol: 'HTTP' }, hosts: ['*'] },
    ...(certificate === undefined
      ? []
      : [
          {
            port: { number: httpsPort, name: 'https-unknown-hosts', protocol: 'HTTPS' },
            hosts: ['*'],
            tls: { mode: 'SIMPLE', credentialName: certificate.name },
          },
        ]),
  ];
  return objectOf('Gateway', { selector, servers }, options);
}

function answersOf(
  certificate: Credential | undefined,
  added: HeaderOperations | undefined,
  { options, settings, model }: Context,
) {
  const secure = strictTransportSecurity(settings).flatMap((effect) =>
    effect.kind === 'response-headers' ? [effect.response] : [],
  );
  const answer = (
    route: string,
    headers: readonly HeaderOperations[],
    more: Partial<HttpRoute>,
    status = 404,
  ): HttpRoute => {
    const response = mergeHeaders(headers);
    return {
      name: route,
      ...more,
      directResponse: { status },
      ...(Object.keys(response).length > 0 && { headers: { response } }),
    };
  };
  const common = added === undefined ? [] : [added];
  const http = [
    answer(
      'unknown-host.health-check',
      common,
      { match: [{ uri: { prefix: model.controller.flags.healthCheckPath } }] },
      200,
    ),
    ...(certificate === undefined
      ? []
      : [
          answer('unknown-host.secure', [...common, ...secure], {
            match: [{ uri: { prefix: '/' }, port: options.gateway.httpsPort }],
          }),
        ]),
    answer('unknown-host', common, {}),
  ];
  return objectOf('VirtualService', { hosts: ['*'], gateways: [nameIn(options)], http }, options);
}

function objectOf(kind: string, spec: object, options: Context['options']) {
  const { apiVersion, namespace, gateway } = options;
  return {
    apiVersion: `networking.istio.io/${apiVersion}`,
    kind,
    metadata: { name: nameIn(options), namespace: namespace ?? gateway.namespace },
    spec,
  };
}

function stepsFor(certificate: Credential | undefined, server: Server, { options }: Context): Effect[] {
  if (certificate === undefined) return [];
  const steps = [
    ...(certificate.copy === undefined
      ? []
      : [copyStep(certificate.copy, certificate.name, server, options)]),
    ...(certificate.made === true ? [makeStep(certificate.name, server, options)] : []),
  ];
  return steps.map((step) => ({ kind: 'step', step }));
}
