import { finding, findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import type { Server } from '../../nginx/model.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll } from '../claims.ts';
import type { Feature } from '../feature.ts';

const names = ['ssl-passthrough'];

const plainHttp = findingType<{ host: string }>({
  code: 'ssl-passthrough/plain-http',
  severity: 'note',
  fields: [],
  summary: 'Plain HTTP goes to the same Service as the TLS stream.',
  message: ({ host }) =>
    `Over plain HTTP ${host} keeps its routes: requests go unencrypted to a TLS port, which returns an error today as well, unless the location sets backend-protocol HTTPS or redirects.`,
  remedy: () =>
    'Nothing to keep what is; set force-ssl-redirect before the migration to send such clients to HTTPS.',
});

/**
 * The TLS stream of the host goes to the Service behind `/` unread (ingress-nginx 1.15.1, annotations/sslpassthrough,
 * controller/controller.go getConfiguration; scenarios ssl-passthrough*), if the controller runs with its flag.
 */
export const sslPassthrough: Feature = {
  name: 'ssl-passthrough',
  findings: [plainHttp],
  server(server, { model }) {
    const asking = server.ingresses.filter(
      ({ annotations, canary }) => annotations.get('ssl-passthrough')?.value === true && !canary,
    );
    const claim = (status: 'converted' | 'no-effect-today', reason?: string) =>
      server.ingresses.flatMap((ingress) =>
        asking.includes(ingress)
          ? claimAll(ingress, names, status, reason === undefined ? {} : { reason })
          : claimAll(ingress, names, 'no-effect-today', { reason: 'It is off.' }),
      );
    if (asking.length === 0) return { ...nothing, claims: claim('no-effect-today') };
    // Until then the Ingress that creates the server alone was asked (ingress-nginx 1.13.7, controller/controller.go createServers).
    const anyMayAsk = isSince(model.controller.release.version, '1.13.8', '1.14.4', '1.15.0');
    if (!anyMayAsk && !asking.includes(server.owner))
      return {
        ...nothing,
        claims: claim(
          'no-effect-today',
          'An older Ingress of the host has no ssl-passthrough, and its word counts.',
        ),
      };
    if (!model.controller.flags.enableSslPassthrough)
      return {
        ...nothing,
        claims: claim('no-effect-today', 'The controller runs without --enable-ssl-passthrough.'),
      };
    const backend = rootBackend(server);
    if (server.host === '' || backend === undefined)
      return { ...nothing, claims: claim('no-effect-today', 'The host has no Service behind the path /.') };
    const reported = finding(
      plainHttp,
      { host: server.host },
      {
        origin: asking[0]!.annotations.get('ssl-passthrough')!.origin,
        scope: { kind: 'host', host: server.host },
      },
    );
    return { effects: [{ kind: 'passthrough', backend }], claims: claim('converted'), findings: [reported] };
  },
};

function rootBackend({ locations }: Server) {
  const root = locations.find(({ path, backend }) => path === '/' && backend.kind === 'service');
  return root?.backend.kind === 'service' ? root.backend : undefined;
}
