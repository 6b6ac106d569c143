import { expect, test } from 'vitest';
import { codesOf, convertYaml, routesOf } from '../convert.ts';

const ingress = (pathType: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: demo
  annotations: { nginx.ingress.kubernetes.io/app-root: /ui }
spec:
  ingressClassName: nginx
  rules:
    - host: a.example.com
      http:
        paths:
          - path: /
            pathType: ${pathType}
            backend: { service: { name: web, port: { number: 80 } } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: demo }
spec: { ports: [{ port: 80 }] }
`;

test('a location for / alone is answered by app-root, and has no routes of its own', () => {
  const conversion = convertYaml(ingress('Exact'));
  expect(routesOf(conversion).map(({ name }) => name)).toEqual(['root.app-root']);
  expect(codesOf(conversion)).not.toContain('check/shadowed-route');
});

test('a location for all paths keeps its routes', () => {
  const names = routesOf(convertYaml(ingress('Prefix'))).map(({ name }) => name);
  expect(names).toEqual(['root.app-root', 'root']);
});
