import { findingType } from '../../domain/findings.ts';
import { isSince } from '../../domain/release.ts';
import type { PortPolicy } from '../../istio-api/types.ts';
import type { Location, ServiceBackend } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import { type FeatureResult, nothing } from '../../plan/result.ts';
import { claimAll, findingAt, findingOf } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { speaksTls, upstreamTls, upstreamTlsPatch } from '../tls/proxy-ssl.ts';

const fastCgi = findingType<{ path: string }>({
  code: 'backend-protocol/fastcgi',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'Envoy does not speak FastCGI.',
  message: ({ path }) => `The location ${path} uses FastCGI, which Envoy doesn't support.`,
  remedy: () => "Add a web server that speaks HTTP, such as nginx, to the application's pod.",
});

const ajp = findingType<{ path: string }>({
  code: 'backend-protocol/ajp',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host'],
  summary: 'Envoy does not speak AJP.',
  message: ({ path }) =>
    `The location ${path} uses AJP, which Envoy doesn't support; ingress-nginx removed it in 1.9.0.`,
  remedy: () => 'Add an HTTP connector to the application server and name its port in the Service.',
});

const grpcHost = findingType<{ release: string }>({
  code: 'backend-protocol/grpc-host',
  severity: 'note',
  fields: ['host'],
  summary: 'Upstreams that speak gRPC get the Host of the client.',
  message: ({ release }) =>
    `ingress-nginx ${release} sends gRPC backends the Host upstream_balancer, whatever the client requested. Istio, like ingress-nginx since 1.8.1, sends the client's.`,
  remedy: () => 'Nothing, unless the application looks at the Host.',
});

const serverName = findingType<object>({
  code: 'backend-protocol/server-name',
  severity: 'note',
  fields: [],
  summary: 'The gateway sends the backend a server name in TLS.',
  message: () =>
    'nginx sends no server name (SNI) to backends that speak TLS; Istio sends the host of the request, so a backend with several certificates may show another one.',
  remedy: () =>
    "Usually no action is needed: certificates of backends aren't verified unless proxy-ssl-verify is on.",
});

const http2Port = findingType<{ path: string; port: string }>({
  code: 'backend-protocol/http2-port',
  severity: 'warning',
  fields: ['status', 'upstream', 'connection'],
  summary: 'Istio uses HTTP/2 where ingress-nginx uses HTTP/1.1.',
  message: ({ path, port }) =>
    `The Service port ${port} behind ${path} declares HTTP/2 by its name or appProtocol, and Istio uses it. ingress-nginx uses HTTP/1.1 there without backend-protocol GRPC.`,
  remedy: () => 'Rename the port or set its appProtocol to http if the application only supports HTTP/1.1.',
  url: 'https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/',
});

const tlsPort = findingType<{ path: string; port: string }>({
  code: 'backend-protocol/tls-port',
  severity: 'warning',
  fields: ['status', 'upstream'],
  summary: 'Plain HTTP goes to a port that is named after TLS.',
  message: ({ path, port }) =>
    `The Service port ${port} behind ${path} is named after TLS, and without backend-protocol HTTPS it gets plain HTTP on both systems; nginx may still be served where it reuses a TLS connection of another location.`,
  remedy: () => 'Set backend-protocol HTTPS if the port uses TLS, or name the port http.',
});

const http2: PortPolicy = { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } };

/**
 * backend-protocol (ingress-nginx 1.15.1, annotations/backendprotocol/main.go, template/template.go buildProxyPass; scenario
 * backend-protocol). AUTO_HTTP speaks the scheme of the client.
 */
export const backendProtocol: Feature = {
  name: 'backend-protocol',
  findings: [fastCgi, ajp, grpcHost, serverName, http2Port, tlsPort],
  location(location, context) {
    const { owner, backend } = location;
    const { release } = context.settings;
    const annotation = owner.annotations.get('backend-protocol');
    const protocol = String(annotation?.value ?? 'HTTP').toUpperCase();
    if (annotation === undefined || protocol === 'HTTP') {
      const findings = backend.kind === 'service' ? portNames(location, backend) : nothing.findings;
      if (annotation === undefined && findings.length === 0) return nothing;
      return { ...nothing, claims: claimAll(owner, ['backend-protocol'], 'converted'), findings };
    }
    if (protocol === 'FCGI') return closed(location, fastCgi);
    if (protocol === 'AJP') return closed(location, ajp);
    const backends: ServiceBackend[] = [
      ...(backend.kind === 'service' ? [backend] : []),
      ...(location.canary === undefined ? [] : [location.canary.backend]),
    ];
    const chosen = policyOf(protocol, location, context);
    return {
      effects: backends.map(
        (one): Effect => ({ kind: 'destination', ...chosen, backend: one, origin: annotation.origin }),
      ),
      claims: claimAll(owner, ['backend-protocol'], 'converted'),
      findings: [
        ...(speaksTls(location) && chosen.policy.tls?.sni === undefined
          ? [findingOf(serverName, {}, owner, 'backend-protocol')]
          : []),
        ...(protocol.startsWith('GRPC') && !isSince(release, '1.8.1')
          ? [findingOf(grpcHost, { release }, owner, 'backend-protocol')]
          : []),
      ],
    };
  },
};

function policyOf(protocol: string, location: Location, context: Context) {
  if (protocol === 'GRPC') return { purpose: 'grpc', policy: http2 };
  const tls = upstreamTls(location, context);
  const cluster = upstreamTlsPatch(location, context);
  const patch = cluster === undefined ? {} : { cluster };
  if (protocol === 'GRPCS') return { purpose: 'grpcs', policy: { ...http2, tls }, ...patch };
  const https = { purpose: 'https', policy: { tls }, ...patch };
  return protocol === 'AUTO_HTTP' ? { ...https, variant: 'secure', when: { tls: true } } : https;
}

function closed(location: Location, type: typeof fastCgi): FeatureResult {
  return {
    effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
    claims: claimAll(location.owner, ['backend-protocol'], 'impossible'),
    findings: [findingAt(type, { path: location.path }, location, 'backend-protocol')],
  };
}

/** Istio goes by the name of a port (istio/FACTS n: grpc and kubernetes.io/h2c are h2c; https without a DestinationRule is plain). */
function portNames(location: Location, { port }: ServiceBackend) {
  const said = port.appProtocol ?? port.name ?? '';
  const args = { path: location.path, port: `${port.name ?? port.port}` };
  if (/^(?:grpc|grpc-web|http2|kubernetes\.io\/h2c)(?:-|$)/i.test(said))
    return [findingAt(http2Port, args, location)];
  return /^(?:https|tls)(?:-|$)/i.test(said) ? [findingAt(tlsPort, args, location)] : [];
}
