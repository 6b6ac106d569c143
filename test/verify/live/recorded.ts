import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Result } from '../../../src/verify/judge/observation.ts';
import type { Probe } from '../../../src/verify/judge/probe.ts';
import type { KubernetesObject, Scenario } from '../../conformance/scenario.ts';

export interface RecordedGateway {
  readonly http: number;
  readonly https: number;
  close(): void;
}

/**
 * A gateway that answers the probes of a scenario as the real nginx did when it was recorded: status, headers, certificate.
 * @param addressOf the address of an upstream, which the application tells of itself in `x-app`
 */
export async function startRecorded(
  scenario: Scenario,
  addressOf: (upstream: string) => string | undefined,
): Promise<RecordedGateway> {
  const { probes, nginx } = scenario;
  const handler =
    (scheme: 'http' | 'https') =>
    (request: http.IncomingMessage, response: http.ServerResponse): void => {
      const probe = bestFit(probes, scheme, request);
      const result = probe && nginx.results[probe.name];
      if (result?.status === undefined) {
        request.socket.destroy();
        return;
      }
      answer(result, request, response, addressOf);
    };
  const certificates = certificatesOf(scenario);
  const shownFor = (host: string): SecureContext => {
    const probe = probes.find(
      ({ name, request }) => bare(request.host) === host && nginx.results[name]?.serverCert,
    );
    const shown = probe && nginx.results[probe.name]?.serverCert;
    return certificates.find(({ names }) => names === shown)?.context ?? certificates[0]!.context;
  };
  const first = certificates[0]!;
  const plain = http.createServer(handler('http'));
  const secure = https.createServer(
    { cert: first.cert, key: first.key, SNICallback: (host, done) => done(null, shownFor(host)) },
    handler('https'),
  );
  for (const server of [plain, secure]) {
    server.on('upgrade', (_request, socket) => socket.destroy());
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  const portOf = (server: http.Server) => (server.address() as AddressInfo).port;
  return {
    http: portOf(plain),
    https: portOf(secure),
    close() {
      for (const server of [plain, secure]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function bare(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

/** Of the probes that a request may be, the one that says most of it. */
function bestFit(probes: readonly Probe[], scheme: string, request: http.IncomingMessage): Probe | undefined {
  const { method = 'GET', url, headers } = request;
  const fits = probes.filter(({ request: asked }) => {
    const own = Object.entries(asked.headers ?? {});
    return (
      asked.scheme === scheme &&
      (asked.method ?? 'GET') === method &&
      asked.host.toLowerCase() === headers.host?.toLowerCase() &&
      asked.path === url &&
      own.every(([name, value]) => headers[name.toLowerCase()] === value)
    );
  });
  const size = (probe: Probe) => Object.keys(probe.request.headers ?? {}).length;
  return fits.sort((a, b) => size(b) - size(a))[0];
}

function answer(
  result: Result,
  request: http.IncomingMessage,
  response: http.ServerResponse,
  addressOf: (upstream: string) => string | undefined,
): void {
  for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value as string);
  // An answer without a body (HEAD) does not tell its upstream; the upstream's own record does.
  const own = result.otherUpstreamRequests?.findLast(({ method }) => method === request.method)?.upstream;
  const upstream = result.upstream ?? (request.method === 'HEAD' ? own : undefined);
  const app = upstream === undefined || upstream === null ? undefined : addressOf(upstream);
  if (app !== undefined && request.headers['x-echo-app'] !== undefined) response.setHeader('x-app', app);
  response.statusCode = result.status!;
  response.end(result.upstream === null ? (result.body ?? '') : JSON.stringify(result.upstreamRequest));
}

interface Identity {
  readonly names: string;
  readonly cert: string;
  readonly key: string;
  readonly context: SecureContext;
}

/** The certificates of a scenario's Secrets, after that of the controller itself. */
function certificatesOf({ objects }: Scenario): Identity[] {
  const file = (name: string) => readFileSync(new URL(`../../conformance/${name}`, import.meta.url), 'utf8');
  const own = ['default', 'echo'].map((name) => ({ cert: file(`${name}.crt`), key: file(`${name}.key`) }));
  const pairs = [...own, ...objects.flatMap(pairOf)];
  return pairs.flatMap(({ cert, key }) => {
    try {
      const { subject, subjectAltName = '' } = new X509Certificate(cert);
      const name = /(?:^|\n)CN=(.*)/.exec(subject)?.[1] ?? '';
      return [
        { names: `${name} | ${subjectAltName}`, cert, key, context: createSecureContext({ cert, key }) },
      ];
    } catch {
      return []; // what nginx does not take either
    }
  });
}

function pairOf(object: KubernetesObject): { cert: string; key: string }[] {
  if (object.kind !== 'Secret') return [];
  const data = (object['data'] ?? {}) as Record<string, string>;
  const [cert, key] = ['tls.crt', 'tls.key'].map((name) =>
    Buffer.from(data[name] ?? '', 'base64').toString(),
  );
  return cert && key ? [{ cert, key }] : [];
}
