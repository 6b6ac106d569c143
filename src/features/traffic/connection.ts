import { findingType } from '../../domain/findings.ts';
import type { ServiceBackend } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll, findingAt } from '../claims.ts';
import type { Feature } from '../feature.ts';

const websockets = findingType<{ path: string; header: string }>({
  code: 'connection/websockets',
  severity: 'note',
  fields: ['status', 'upstream', 'connection', 'response-header:content-type'],
  summary: 'Websockets work where nginx breaks them.',
  message: ({ path, header }) =>
    `nginx sends Connection: ${header} to the service behind ${path}, with which no websocket comes about; on Istio websockets work there.`,
  remedy: () => '',
});

/** connection-proxy-header (ingress-nginx 1.15.1, annotations/connection/main.go): `close` is one request for each connection. */
export const connection: Feature = {
  name: 'connection',
  findings: [websockets],
  location(location) {
    const { owner, backend, canary, path } = location;
    const annotation = owner.annotations.get('connection-proxy-header');
    if (annotation === undefined || backend.kind !== 'service') return nothing;
    const header = String(annotation.value).trim();
    const backends: ServiceBackend[] = [backend, ...(canary === undefined ? [] : [canary.backend])];
    const effects = backends.map(
      (one): Effect => ({
        kind: 'destination',
        purpose: 'close',
        backend: one,
        policy: { connectionPool: { http: { maxRequestsPerConnection: 1 } } },
        origin: annotation.origin,
      }),
    );
    return {
      effects: header === 'close' ? effects : [],
      claims: claimAll(owner, ['connection-proxy-header'], 'converted'),
      findings: [findingAt(websockets, { path, header }, location, 'connection-proxy-header')],
    };
  },
};
