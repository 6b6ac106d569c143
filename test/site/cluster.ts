import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object as kubectl sends and gets it. */
export interface StoredObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Cluster {
  readonly url: string;
  readonly objects: readonly StoredObject[];
  close(): Promise<void>;
}

/** Kinds by their group and version, with the plural that stands in paths; those without a namespace begin with `!`. */
const kinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: { services: 'Service', configmaps: 'ConfigMap', secrets: 'Secret', '!namespaces': 'Namespace' },
  'networking.k8s.io/v1': { ingresses: 'Ingress', '!ingressclasses': 'IngressClass' },
  'networking.istio.io/v1': {
    gateways: 'Gateway',
    virtualservices: 'VirtualService',
    destinationrules: 'DestinationRule',
  },
  'networking.istio.io/v1alpha3': { envoyfilters: 'EnvoyFilter' },
  'cert-manager.io/v1': { certificates: 'Certificate' },
  'security.istio.io/v1': { authorizationpolicies: 'AuthorizationPolicy' },
};

/** A Kubernetes API on the loopback interface that keeps what the real kubectl applies, and gives it back. */
export async function startCluster(given: readonly StoredObject[]): Promise<Cluster> {
  const objects = [...given];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    // An OpenAPI document without a definition: kubectl then checks nothing by itself.
    if (pathname === '/openapi/v2') {
      response.writeHead(200, {
        'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
      });
      response.end();
      return;
    }
    const [status, body] = answer(request.method ?? '', pathname, await bodyOf(request), objects);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

type Answer = readonly [number, object];

const missing: Answer = [
  404,
  {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: 'not found',
  },
];

function answer(method: string, path: string, body: string, objects: StoredObject[]): Answer {
  const described = discovery(path);
  if (described !== undefined) return [200, described];
  const [, version = '', namespace, plural = '', name] =
    /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const kind = kinds[version]?.[plural] ?? kinds[version]?.[`!${plural}`];
  if (kind === undefined) return missing;
  const isMeant = (one: StoredObject): boolean =>
    one.apiVersion === version &&
    one.kind === kind &&
    (namespace === undefined || one.metadata.namespace === namespace) &&
    (name === undefined || one.metadata.name === name);
  if (method === 'POST') {
    const created = JSON.parse(body) as StoredObject;
    objects.push(created);
    return [201, created];
  }
  if (name === undefined)
    return [200, { kind: `${kind}List`, apiVersion: version, metadata: {}, items: objects.filter(isMeant) }];
  const found = objects.findIndex(isMeant);
  if (found === -1) return missing;
  return [200, method === 'DELETE' ? objects.splice(found, 1)[0]! : objects[found]!];
}

function discovery(path: string): object | undefined {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const groups = Object.keys(kinds).filter((groupVersion) => groupVersion !== 'v1');
    const names = [...new Set(groups.map((groupVersion) => groupVersion.split('/')[0]!))];
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: names.map((name) => {
        const versions = groups
          .filter((groupVersion) => groupVersion.startsWith(`${name}/`))
          .map((groupVersion) => ({ groupVersion, version: groupVersion.split('/')[1]! }));
        return { name, versions, preferredVersion: versions[0] };
      }),
    };
  }
  const [, groupVersion = ''] = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)$/.exec(path) ?? [];
  const resources = kinds[groupVersion];
  if (resources === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    groupVersion,
    resources: Object.entries(resources).map(([plural, kind]) => ({
      name: plural.replace('!', ''),
      kind,
      namespaced: !plural.startsWith('!'),
      verbs: ['get', 'list', 'create', 'delete', 'patch'],
    })),
  };
}
