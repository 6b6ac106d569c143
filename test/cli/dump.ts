/** A small, whole input without anything to tell. */
export const plainDump = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
  - name: http
    port: 80
    targetPort: 8080
---
apiVersion: v1
kind: Secret
metadata:
  name: shop-tls
  namespace: shop
type: kubernetes.io/tls
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
spec:
  ingressClassName: nginx
  tls:
  - hosts: [shop.example.com]
    secretName: shop-tls
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
`;

/** The same with an annotation whose value a terminal must never get to see as it is, and one that does not exist. */
export const hostileDump = plainDump.replace(
  'nginx.ingress.kubernetes.io/ssl-redirect: "false"',
  String.raw`nginx.ingress.kubernetes.io/ssl-redirect: "false"
    nginx.ingress.kubernetes.io/rate-limt: "\e[2J\a | <b>x</b> \u202e"
    nginx.ingress.kubernetes.io/proxy-read-timeout: "\e]0;owned\a"`,
);
