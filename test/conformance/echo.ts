import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** A request as an echo server saw it; also what the server answers with, as JSON. */
export interface EchoedRequest {
  /** Tells a request from all others of this run. */
  readonly id: number;
  /** The address at which the server was reached: `127.<network>.k.j` is the j-th port of the k-th Service. */
  readonly local: string;
  readonly method: string;
  readonly path: string;
  readonly host: string | null;
  readonly headers: Record<string, string>;
  readonly httpVersion: string;
  readonly tlsServername?: string;
  readonly bodyBytes: number;
}

/** The upstreams of all scenarios: servers on every loopback address, one for each protocol. */
export interface Echo {
  readonly ports: {
    readonly plain: number;
    readonly http2: number;
    readonly tcp: number;
    readonly tls: number;
  };
  /** Takes the requests that came to addresses `127.<network>.*` since the last call. */
  take(network: number): EchoedRequest[];
  /** How many there are to take. */
  waiting(network: number): number;
  close(): void;
}

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;

/** Starts the echo servers, on free ports. What they do with the headers `x-echo-*` of a request is in README.md. */
export async function startEcho(): Promise<Echo> {
  const received = new Map<number, EchoedRequest[]>();
  let count = 0;

  const note = (request: Omit<EchoedRequest, 'id'>): EchoedRequest => {
    const echoed = { id: ++count, ...request };
    const network = networkOf(request.local);
    const list = received.get(network) ?? [];
    received.set(network, [...list, echoed]);
    return echoed;
  };
  const answer = (request: Request, response: Response) => {
    let bodyBytes = 0;
    request.on('data', (chunk: Buffer) => {
      bodyBytes += chunk.length;
    });
    request.on('end', () => respond(request, response, note(describe(request, bodyBytes))));
    request.on('error', () => {});
  };

  const plain = http.createServer({ keepAlive: true }, answer);
  plain.on('upgrade', (request: http.IncomingMessage, socket: Socket) => {
    note(describe(request, 0));
    upgrade(request, socket);
  });
  const identity = (file: string) => readFileSync(new URL(file, import.meta.url));
  const servers = [
    plain,
    http2.createServer(answer),
    net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => socket.write(`${localAddress(socket)} ${data}`));
    }),
    http2.createSecureServer(
      { key: identity('echo.key'), cert: identity('echo.crt'), allowHTTP1: true },
      answer,
    ),
  ] as const;
  for (const server of servers) refuseStrangers(server as Server);
  const [plainPort, http2Port, tcpPort, tlsPort] = await Promise.all(servers.map((s) => listen(s as Server)));

  return {
    ports: { plain: plainPort!, http2: http2Port!, tcp: tcpPort!, tls: tlsPort! },
    take(network) {
      const list = received.get(network) ?? [];
      received.delete(network);
      return list;
    },
    waiting: (network) => received.get(network)?.length ?? 0,
    close() {
      for (const server of servers) server.close();
      plain.closeAllConnections();
    },
  };
}

/** The second number of an IPv4 address. */
function networkOf(address: string): number {
  return Number(address.split('.')[1]);
}

/** Every address has to be listened on, as each Service has its own; only this machine is answered. */
function refuseStrangers(server: Server): void {
  server.on('connection', (socket) => {
    if (!localAddress(socket).startsWith('127.')) socket.destroy();
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '0.0.0.0', () => resolve((server.address() as AddressInfo).port));
  });
}

function localAddress(socket: Socket): string {
  return (socket.localAddress ?? '').replace('::ffff:', '');
}

function describe(request: Request, bodyBytes: number): Omit<EchoedRequest, 'id'> {
  const socket = ('stream' in request && request.stream?.session?.socket) || request.socket;
  const { servername } = socket as { servername?: string };
  const headers = Object.entries(request.headers).filter(([name]) => !name.startsWith(':'));
  return {
    local: localAddress(socket as Socket),
    method: request.method ?? '',
    path: request.url ?? '',
    host: (request.headers[':authority'] as string | undefined) ?? request.headers.host ?? null,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    httpVersion: request.httpVersion,
    ...(servername ? { tlsServername: servername } : {}),
    bodyBytes,
  };
}

function respond(request: Request, response: Response, echoed: EchoedRequest): void {
  const asked = (name: string) => request.headers[name] as string | undefined;
  const headers: Record<string, string> = { 'content-type': 'application/json', 'x-echo': '1' };
  const extra = asked('x-echo-set-header');
  if (extra !== undefined) {
    const colon = extra.indexOf(':');
    headers[extra.slice(0, colon).trim().toLowerCase()] = extra.slice(colon + 1).trim();
  }
  // For who compares answers as a client sees them: which of the upstreams this is.
  if (asked('x-echo-app') !== undefined) headers['x-app'] = echoed.local;
  const body = JSON.stringify(echoed);
  const send = () => {
    (response as http.ServerResponse).writeHead(Number(asked('x-echo-status') ?? 200), headers);
    const drip = asked('x-echo-drip');
    if (drip === undefined) response.end(body);
    else dripBody(response as http.ServerResponse, body, drip);
  };
  response.on('error', () => {});
  const delay = Number(asked('x-echo-delay') ?? 0);
  if (delay > 0) setTimeout(send, delay);
  else send();
}

/** Sends blanks, and then the body, as `chunks,milliseconds` says. */
function dripBody(response: http.ServerResponse, body: string, drip: string): void {
  const [chunks = 1, pause = 0] = drip.split(',').map(Number);
  const next = (sent: number) => {
    if (sent >= chunks) {
      response.end(body);
      return;
    }
    response.write(' ');
    setTimeout(() => next(sent + 1), pause);
  };
  next(1);
}

function upgrade(request: http.IncomingMessage, socket: Socket): void {
  const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}`,
    `X-Echo-Local: ${localAddress(socket)}`,
    `X-Echo-Path: ${request.url}`,
  ];
  socket.on('error', () => {});
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.on('data', (data) => socket.write(data));
}
