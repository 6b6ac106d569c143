import { findingType } from '../findings.ts';
import type { PortPolicy } from '../istio/types.ts';
import type { ServiceBackend } from '../nginx/model.ts';
import { claimAll, findingAt } from './claims.ts';
import type { Effect } from './effect.ts';
import type { Feature } from './feature.ts';

const fastCgi = findingType<{ path: string }>({
  code: 'backend-protocol/fastcgi',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'Envoy does not speak FastCGI.',
  message: ({ path }) => `The location ${path} speaks FastCGI with its upstream, which Envoy cannot.`,
  remedy: () => 'Put a web server that speaks HTTP, such as nginx, beside the application in its pod.',
});

const autoHttp = findingType<{ path: string }>({
  code: 'backend-protocol/auto-http',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'AUTO_HTTP is not carried over.',
  message: ({ path }) =>
    `The location ${path} speaks to its upstream in the client's own scheme; the conversion always uses HTTP.`,
  remedy: () => 'Say HTTP or HTTPS.',
});

const unverified: PortPolicy = { tls: { mode: 'SIMPLE', insecureSkipVerify: true } };
const http2: PortPolicy = { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } };

const policies: Readonly<
  Record<string, { readonly purpose: string; readonly policy: PortPolicy } | undefined>
> = {
  HTTPS: { purpose: 'https', policy: unverified },
  GRPC: { purpose: 'grpc', policy: http2 },
  GRPCS: { purpose: 'grpcs', policy: { ...http2, ...unverified } },
};

/** backend-protocol (ingress-nginx 1.15.1, annotations/backendprotocol/main.go): certificates of upstreams are not verified, as in nginx. */
export const backendProtocol: Feature = {
  name: 'backend-protocol',
  findings: [fastCgi, autoHttp],
  location(location) {
    const { owner, backend, canary } = location;
    const annotation = owner.annotations.get('backend-protocol');
    if (annotation === undefined) return { effects: [], claims: [], findings: [] };
    const protocol = String(annotation.value).toUpperCase();
    if (protocol === 'FCGI') {
      const effects: Effect[] = [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }];
      return {
        effects,
        claims: claimAll(owner, ['backend-protocol'], 'impossible'),
        findings: [findingAt(fastCgi, { path: location.path }, location, 'backend-protocol')],
      };
    }
    const chosen = policies[protocol];
    const backends: ServiceBackend[] = [
      ...(backend.kind === 'service' ? [backend] : []),
      ...(canary === undefined ? [] : [canary.backend]),
    ];
    const effects =
      chosen === undefined
        ? []
        : backends.map(
            (one): Effect => ({ kind: 'destination', ...chosen, backend: one, origin: annotation.origin }),
          );
    const told =
      protocol === 'AUTO_HTTP'
        ? [findingAt(autoHttp, { path: location.path }, location, 'backend-protocol')]
        : [];
    return {
      effects,
      claims: claimAll(owner, ['backend-protocol'], protocol === 'AUTO_HTTP' ? 'manual' : 'converted'),
      findings: told,
    };
  },
};
