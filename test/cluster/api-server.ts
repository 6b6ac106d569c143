import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Objects by the path of their collection, as in `/api/v1/services`; those of a namespace are chosen by their metadata. */
export type Objects = Readonly<Record<string, readonly KubernetesObject[]>>;

export interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly namespace?: string } & Readonly<
    Record<string, unknown>
  >;
  readonly [field: string]: unknown;
}

/** What the server does instead of answering; undefined: it answers. */
export type Mishap = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface ApiServer {
  readonly url: string;
  /** Method and path of every request, in order; `table` after those that ask for a table. */
  readonly requests: string[];
  /** Bytes that were sent. */
  readonly sent: string[];
  close(): Promise<void>;
}

const kinds: Readonly<Record<string, string>> = {
  ingresses: 'Ingress',
  ingressclasses: 'IngressClass',
  services: 'Service',
  secrets: 'Secret',
  configmaps: 'ConfigMap',
  deployments: 'Deployment',
  virtualservices: 'VirtualService',
};

/** A small Kubernetes API over HTTP on the loopback interface: discovery, lists with `limit` and `continue`, tables. */
export async function startApiServer(
  objects: Objects,
  { mishap = () => false, largestPage = 500 }: { mishap?: Mishap; largestPage?: number } = {},
): Promise<ApiServer> {
  const requests: string[] = [];
  const sent: string[] = [];
  const server = createServer((request, response) => {
    const table = request.headers.accept?.includes('as=Table') === true;
    const asked = decodeURIComponent(request.url ?? '').replace(/[?&]timeout=1m0s/, '');
    requests.push(`${request.method} ${asked}${table ? ' table' : ''}`);
    const json = (status: number, body: object): void => {
      const text = JSON.stringify(body);
      sent.push(text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    };
    if (mishap(request, response)) return;
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = discovery(url.pathname, objects) ?? answerTo(url, objects, largestPage, table);
    if (answer === undefined) json(404, status(404, 'NotFound', 'the server could not find it'));
    else json(answer['code'] === 410 ? 410 : 200, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** An answer of the API that says why there is none. */
export function status(code: number, reason: string, message: string): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

type Answer = Record<string, unknown>;

function discovery(path: string, objects: Objects): Answer | undefined {
  const collections = Object.keys(objects);
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const names = new Set(collections.flatMap((one) => /^\/apis\/([^/]+)\/([^/]+)/.exec(one)?.[0] ?? []));
    const groups = [...names].map((name) => {
      const [, , group, version] = name.split('/');
      const entry = { groupVersion: `${group}/${version}`, version };
      return { name: group, versions: [entry], preferredVersion: entry };
    });
    return { kind: 'APIGroupList', apiVersion: 'v1', groups };
  }
  const [, groupVersion] = /^\/(?:api|apis\/[^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (groupVersion === undefined) return undefined;
  const resources = collections
    .filter((one) => one.startsWith(`${path}/`))
    .map((one) => one.slice(path.length + 1))
    .map((name) => ({
      name,
      kind: kinds[name],
      namespaced: name !== 'ingressclasses',
      verbs: ['get', 'list'],
    }));
  return { kind: 'APIResourceList', groupVersion: path.replace(/^\/apis?\//, ''), resources };
}

function answerTo(url: URL, objects: Objects, largestPage: number, table: boolean): Answer | undefined {
  const [, root = '', namespace, plural = '', name] =
    /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(
      url.pathname,
    ) ?? [];
  const all = objects[`${root}/${plural}`];
  if (all === undefined) return undefined;
  const inside = all.filter(
    ({ metadata }) => namespace === undefined || (metadata.namespace ?? '') === namespace,
  );
  const version = root.replace(/^\/apis?\//, '');
  if (name !== undefined) {
    const found = inside.find(({ metadata }) => metadata.name === name);
    return found === undefined ? undefined : { apiVersion: version, kind: kinds[plural], ...found };
  }
  const limit = Math.min(Number(url.searchParams.get('limit') ?? largestPage) || largestPage, largestPage);
  const from = Number(url.searchParams.get('continue') ?? 0);
  const page = inside.slice(from, from + limit);
  const metadata = {
    resourceVersion: '1',
    ...(from + limit < inside.length && { continue: String(from + limit) }),
  };
  return table
    ? { ...tableOf(page), metadata }
    : { kind: `${kinds[plural]}List`, apiVersion: version, metadata, items: page };
}

/** As the API server prints Secrets: metadata and columns, without data. */
function tableOf(page: readonly KubernetesObject[]): Answer {
  const columns = ['Name', 'Type', 'Data', 'Age'];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    columnDefinitions: columns.map((name) => ({ name, type: 'string', format: '', priority: 0 })),
    rows: page.map(({ metadata, type, data }) => ({
      cells: [metadata.name, type, Object.keys((data as object | undefined) ?? {}).length, '5d'],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    })),
  };
}
