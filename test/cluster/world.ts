import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { temporaryDirectory } from '../output/temporary.ts';
import { type ApiServer, type Mishap, type Objects, startApiServer } from './api-server.ts';

export const secretValue = 'c2VjcmV0LXZhbHVl';

/** A cluster with all that the conversion looks at. */
export function shop(ingresses = 1): Objects {
  return {
    '/apis/networking.k8s.io/v1/ingresses': Array.from({ length: ingresses }, (_, index) => ({
      metadata: {
        name: `web-${index}`,
        namespace: index === 1 ? 'other' : 'shop',
        managedFields: [{ manager: 'kubectl' }],
        annotations: {
          'nginx.ingress.kubernetes.io/ssl-redirect': 'false',
          'nginx.ingress.kubernetes.io/custom-headers': 'shop/headers',
        },
      },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: `web-${index}.example.com`,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
        tls: [{ hosts: [`web-${index}.example.com`], secretName: 'web-tls' }],
      },
    })),
    '/apis/networking.k8s.io/v1/ingressclasses': [
      { metadata: { name: 'nginx' }, spec: { controller: 'k8s.io/ingress-nginx' } },
    ],
    '/api/v1/services': ['shop', 'other'].map((namespace) => ({
      metadata: { name: 'web', namespace },
      spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    })),
    '/api/v1/secrets': [
      {
        metadata: {
          name: 'web-tls',
          namespace: 'shop',
          annotations: {
            'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"tls.key":"${secretValue}"}}`,
          },
        },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': secretValue, 'tls.key': secretValue },
      },
    ],
    '/apis/apps/v1/deployments': [
      {
        metadata: { name: 'controller', namespace: 'ingress-nginx' },
        spec: {
          template: {
            spec: {
              containers: [
                {
                  image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
                  args: ['/nginx-ingress-controller', '--configmap=ingress-nginx/settings'],
                },
              ],
            },
          },
        },
      },
    ],
    '/api/v1/configmaps': [
      {
        metadata: { name: 'settings', namespace: 'ingress-nginx' },
        data: { 'add-headers': 'ingress-nginx/more', 'global-allowed-response-headers': 'X-Team' },
      },
      { metadata: { name: 'more', namespace: 'ingress-nginx' }, data: { 'x-more': 'more' } },
      { metadata: { name: 'headers', namespace: 'shop' }, data: { 'X-Team': 'shop' } },
      { metadata: { name: 'unrelated', namespace: 'shop' }, data: { password: secretValue } },
    ],
  };
}

const open: ApiServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** A server, and an environment in which kubectl finds it and nothing else. */
export async function world(
  objects: Objects,
  options: { mishap?: Mishap; largestPage?: number } = {},
): Promise<{ server: ApiServer; env: Record<string, string> }> {
  const server = await startApiServer(objects, options);
  open.push(server);
  return { server, env: environment(server.url) };
}

export function environment(url: string): Record<string, string> {
  const directory = temporaryDirectory();
  const kubeconfig = join(directory, 'config');
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
clusters: [{name: test, cluster: {server: "${url}"}}]
contexts: [{name: test, context: {cluster: test, user: test}}]
users: [{name: test, user: {}}]
current-context: test
`,
  );
  return { PATH: process.env['PATH'] ?? '', HOME: directory, KUBECONFIG: kubeconfig };
}
