import { expect, test } from 'vitest';
import { defaultOptions } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

const pathOf = (path: string, type = 'Prefix') =>
  `{ path: ${path}, pathType: ${type}, backend: { service: { name: web, port: { number: 80 } } } }`;

const ingress = (name: string, annotations: string, paths: readonly string[]) => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, namespace: shop, annotations: { kubernetes.io/ingress.class: nginx${annotations} } }
spec: { rules: [{ http: { paths: [${paths.join(', ')}] } }] }
`;

test('paths of one policy share an operation, those with exceptions keep their own', () => {
  const input = [
    `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ port: 80 }] }
`,
    ingress('open', '', [pathOf('/'), pathOf('/admin/public')]),
    ingress('closed', ', nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8', [
      pathOf('/admin'),
      pathOf('/metrics'),
      pathOf('/status', 'Exact'),
    ]),
    `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: other, namespace: shop, annotations: { kubernetes.io/ingress.class: nginx } }
spec: { rules: [{ host: shop.example.com, http: { paths: [${pathOf('/')}] } }] }
`,
  ].join('');
  const { objects } = convert(readTexts([{ file: 'input.yaml', text: input }]), defaultOptions);
  const policies = objects.filter(({ object }) => object.kind === 'AuthorizationPolicy');
  const operations = policies.flatMap(({ object }) =>
    (object.spec as { rules: { to: { operation: object }[] }[] }).rules.flatMap(({ to }) =>
      to.map(({ operation }) => operation),
    ),
  );
  expect(operations).toMatchObject([
    {
      notHosts: ['shop.example.com', 'shop.example.com:*'],
      paths: expect.arrayContaining(['/metrics', '/metrics/*', '/status']),
    },
    { paths: ['/admin/*', '/admin'], notPaths: ['/admin/public', '/admin/public/*'] },
  ]);
});
