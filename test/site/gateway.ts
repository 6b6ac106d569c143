import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Gateway {
  /** As `--from` and `--to` take it: with the ports of HTTP and HTTPS. */
  readonly address: string;
  readonly hosts: ReadonlySet<string>;
  close(): void;
}

const certificate = (name: string): Buffer =>
  readFileSync(new URL(`../conformance/${name}`, import.meta.url));

/** A gateway over HTTP and HTTPS that gives every request the same answer. */
export async function startGateway(): Promise<Gateway> {
  const hosts = new Set<string>();
  const answer: http.RequestListener = (request, response) => {
    hosts.add(request.headers.host ?? '');
    response.writeHead(200, { 'content-type': 'text/plain' }).end('hello');
  };
  const servers = [
    http.createServer(answer),
    https.createServer({ cert: certificate('default.crt'), key: certificate('default.key') }, answer),
  ];
  for (const server of servers)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    address: ['127.0.0.1', ...ports].join(':'),
    hosts,
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
