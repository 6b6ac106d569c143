import type { Conversion } from '../../src/conversion/conversion.ts';
import { defaultOptions, type Options } from '../../src/domain/options.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';

/** A small shop: a rewrite, a canary, a redirect to HTTPS, an address list and CORS. */
export const shopDump = `apiVersion: v1
kind: List
items:
${['web', 'beta', 'api'].map(service).join('')}
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    name: web
    namespace: shop
    annotations:
      nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8
  spec:
    ingressClassName: nginx
    tls:
    - hosts: [shop.example.com]
      secretName: shop-tls
    rules:
    - host: shop.example.com
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    name: beta
    namespace: shop
    annotations:
      nginx.ingress.kubernetes.io/canary: "true"
      nginx.ingress.kubernetes.io/canary-by-header: X-Beta
      nginx.ingress.kubernetes.io/canary-weight: "20"
  spec:
    ingressClassName: nginx
    rules:
    - host: shop.example.com
      http:
        paths:
        - {path: /, pathType: Prefix, backend: {service: {name: beta, port: {number: 80}}}}
- apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    name: api
    namespace: shop
    annotations:
      nginx.ingress.kubernetes.io/rewrite-target: /$2
      nginx.ingress.kubernetes.io/use-regex: "true"
      nginx.ingress.kubernetes.io/enable-cors: "true"
      nginx.ingress.kubernetes.io/cors-allow-origin: https://app.example.com
      nginx.ingress.kubernetes.io/ssl-redirect: "false"
  spec:
    ingressClassName: nginx
    rules:
    - host: api.example.com
      http:
        paths:
        - {path: '/v1(/|$)(.*)', pathType: ImplementationSpecific, backend: {service: {name: api, port: {number: 80}}}}
- apiVersion: v1
  kind: Secret
  metadata: {name: shop-tls, namespace: shop}
  type: kubernetes.io/tls
- apiVersion: networking.k8s.io/v1
  kind: IngressClass
  metadata: {name: nginx}
  spec: {controller: k8s.io/ingress-nginx}
`;

function service(name: string): string {
  return `- apiVersion: v1
  kind: Service
  metadata: {name: ${name}, namespace: shop}
  spec: {ports: [{name: http, port: 80, targetPort: 8080}]}
`;
}

export function convertText(text: string, options: Partial<Options> = {}): Conversion {
  return convert(readTexts([{ file: 'dump.yaml', text }]), { ...defaultOptions, ...options });
}
