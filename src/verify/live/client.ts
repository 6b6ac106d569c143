import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import type { Headers } from '../judge/observation.ts';
import type { ProbeRequest } from '../judge/probe.ts';

/** What came back to one request; without `status` there was no answer, and `error` says why. */
export interface Answer {
  readonly status?: number;
  readonly headers: Headers;
  readonly body: string;
  readonly certificate?: string;
  readonly error?: string;
}

/** Where requests go, and how. */
export interface Target {
  /** Name or address of the gateway; requests name the host that they are for. */
  readonly address: string;
  /** Its ports, by the port of its Service. */
  readonly ports: Readonly<Record<string, number>>;
  /** Folder with the client certificates that probes name. */
  readonly folder?: string;
  /** Whose certificates are trusted, as PEM; undefined: those that Node trusts. */
  readonly authorities?: string;
  /** Take any certificate. */
  readonly insecure?: boolean;
  /** Headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds until an answer counts as none. */
  readonly timeout: number;
}

/** The most of a body that is kept. */
const longestBody = 1 << 20;

/** Sends one request, on a connection of its own. Never rejects. */
export function send(request: ProbeRequest, target: Target): Promise<Answer> {
  const service = request.protocol === 'tcp' ? request.port : request.scheme === 'https' ? 443 : 80;
  const port = target.ports[String(service)];
  if (port === undefined) return Promise.resolve(noAnswer('ECONNREFUSED'));
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(noAnswer(error.code ?? error.message));
    try {
      if (request.protocol === 'tcp') sendLine(request, port, target, resolve, failed);
      else if (request.protocol === 'http2' || request.protocol === 'grpc')
        sendHttp2(request, port, target, resolve);
      else sendHttp1(request, port, target, resolve, failed);
    } catch (error) {
      failed(error as Error);
    }
  });
}

function noAnswer(error: string): Answer {
  return { headers: {}, body: '', error };
}

type Resolve = (answer: Answer) => void;
type Reject = (error: NodeJS.ErrnoException) => void;

function sendHttp1(
  request: ProbeRequest,
  port: number,
  target: Target,
  resolve: Resolve,
  failed: Reject,
): void {
  const secure = request.scheme === 'https';
  const outgoing = (secure ? https : http).request({
    host: target.address,
    port,
    method: request.method ?? 'GET',
    path: request.path,
    headers: { Host: request.host, ...target.headers, ...request.headers, ...webSocketHeaders(request) },
    agent: false,
    setHost: false,
    timeout: target.timeout,
    ...local(request),
    ...(secure ? tls(request, target) : {}),
  });
  outgoing.on('response', (response) => {
    const certificate = secure ? certificateOf(response.socket as TLSSocket) : undefined;
    let body = '';
    response.setEncoding('latin1');
    response.on('data', (chunk: string) => {
      if (body.length < longestBody) body += chunk;
    });
    response.on('error', failed);
    response.on('end', () => {
      const status = response.statusCode!;
      resolve({
        status,
        headers: response.headers as Headers,
        body: utf8(body),
        ...(certificate ? { certificate } : {}),
      });
    });
  });
  outgoing.on('upgrade', (response, socket) => {
    socket.destroy();
    resolve({ status: response.statusCode!, headers: response.headers as Headers, body: '' });
  });
  outgoing.on('error', failed);
  outgoing.on('timeout', () => {
    outgoing.destroy();
    resolve(noAnswer('timeout'));
  });
  const body = bodyOf(request);
  if (body !== undefined) outgoing.write(body);
  outgoing.end();
}

function sendHttp2(request: ProbeRequest, port: number, target: Target, resolve: Resolve): void {
  const secure = request.scheme === 'https';
  const session = http2.connect(`${request.scheme}://${inBrackets(target.address)}:${port}`, {
    ...local(request),
    ...(secure ? tls(request, target) : {}),
  });
  const timer = setTimeout(() => finish(noAnswer('timeout')), target.timeout);
  const finish = (answer: Answer) => {
    clearTimeout(timer);
    session.destroy();
    resolve(answer);
  };
  const fail = (error: NodeJS.ErrnoException) => finish(noAnswer(error.code ?? error.message));
  session.on('error', fail);
  const stream = session.request({
    ':method': request.method ?? 'GET',
    ':path': request.path,
    ':authority': request.host,
    ':scheme': request.scheme,
    ...(request.protocol === 'grpc' ? { 'content-type': 'application/grpc', te: 'trailers' } : {}),
    ...target.headers,
    ...request.headers,
  });
  let head: http2.IncomingHttpHeaders = {};
  let body = '';
  stream.on('response', (headers) => {
    head = headers;
  });
  // A gRPC service tells how it went behind the body.
  stream.on('trailers', (trailers: http2.IncomingHttpHeaders) => {
    head = { ...head, ...trailers };
  });
  stream.setEncoding('latin1');
  stream.on('data', (chunk: string) => {
    if (body.length < longestBody) body += chunk;
  });
  stream.on('error', fail);
  stream.on('end', () => {
    const { ':status': status, ...headers } = head;
    if (status === undefined) finish(noAnswer('closed'));
    else finish({ status: Number(status), headers: headers as Headers, body: utf8(body) });
  });
  stream.end(bodyOf(request));
}

/** Sends a line and takes the line that comes back; its first word is the address of the echo server. */
function sendLine(
  request: ProbeRequest,
  port: number,
  { address }: Target,
  resolve: Resolve,
  failed: Reject,
): void {
  const socket = net.connect({ host: address, port, ...local(request) });
  const timer = setTimeout(() => finish(noAnswer('timeout')), 5000);
  const finish = (answer: Answer) => {
    clearTimeout(timer);
    socket.destroy();
    resolve(answer);
  };
  let text = '';
  socket.on('connect', () => socket.write(`${request.body ?? 'ping'}\n`));
  socket.on('data', (data) => {
    text += data;
    if (!text.includes('\n')) return;
    const [echo = '', ...words] = text.trim().split(' ');
    finish({ status: 0, headers: { 'x-echo-local': echo, 'x-echo-path': words.join(' ') }, body: text });
  });
  socket.on('error', (error) => {
    clearTimeout(timer);
    failed(error);
  });
  socket.on('close', () => finish(noAnswer('closed')));
}

function local(request: ProbeRequest): { localAddress?: string } {
  return request.sourceIP === undefined ? {} : { localAddress: request.sourceIP };
}

interface Tls {
  readonly rejectUnauthorized: boolean;
  readonly servername: string;
  readonly ca?: string;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

function tls({ host, clientCert }: ProbeRequest, { folder, authorities, insecure }: Target): Tls {
  const name = host.replace(/:\d+$/, '');
  return {
    rejectUnauthorized: insecure !== true,
    servername: net.isIP(name) ? '' : name,
    ...(authorities === undefined ? {} : { ca: authorities }),
    ...(clientCert === undefined || folder === undefined
      ? {}
      : {
          cert: readFileSync(join(folder, `${clientCert}.crt`)),
          key: readFileSync(join(folder, `${clientCert}.key`)),
        }),
  };
}

function webSocketHeaders(request: ProbeRequest): Record<string, string> {
  if (request.protocol !== 'websocket') return {};
  return {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
  };
}

/** Of gRPC a message without fields: a flag and a length, all zero. */
function bodyOf(request: ProbeRequest): string | undefined {
  if (request.protocol === 'grpc') return '\0'.repeat(5);
  return request.bodySize === undefined ? request.body : 'x'.repeat(request.bodySize);
}

function certificateOf(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerCertificate();
  return certificate.subject
    ? `${certificate.subject.CN ?? ''} | ${certificate.subjectaltname ?? ''}`
    : undefined;
}

function inBrackets(address: string): string {
  return net.isIPv6(address) ? `[${address}]` : address;
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
