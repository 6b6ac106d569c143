/** What `kubectl get ingress,ingressclass,service,secret -A -o yaml` of a cluster of this size could print; always the same. */
export function clusterDump({
  ingresses,
  hosts,
}: {
  readonly ingresses: number;
  readonly hosts: number;
}): string {
  const random = randomFrom(20260901 + ingresses + hosts);
  const items = [ingressClass];
  const services = new Map<string, string>();
  const secrets = new Map<string, string>();
  const namespaces = Math.max(1, Math.ceil(ingresses / 40));
  for (let index = 0; index < ingresses; index++) {
    const namespace = `team-${random(namespaces)}`;
    const host = `app-${random(hosts)}.example.com`;
    const name = `app-${index}`;
    const paths = Array.from(
      { length: 1 + random(3) },
      (_, path) => `/${name}${path === 0 ? '' : `/part-${path}`}`,
    );
    items.push(
      ingress({
        index,
        namespace,
        host,
        name,
        paths,
        annotations: pickAnnotations(random),
        tls: random(10) < 6,
      }),
    );
    services.set(`${namespace}/${name}`, service(namespace, name));
    secrets.set(`${namespace}/${name}-tls`, secret(namespace, `${name}-tls`));
  }
  const all = [...items, ...services.values(), ...secrets.values()];
  return `apiVersion: v1\nitems:\n${all.join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`;
}

/** Annotations with the share of Ingresses, in percent, that have them here. */
const usual: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
  [30, { 'ssl-redirect': 'true' }],
  [25, { 'proxy-body-size': '50m' }],
  [20, { 'proxy-read-timeout': '300', 'proxy-send-timeout': '300' }],
  [10, { 'force-ssl-redirect': 'true' }],
  [8, { 'backend-protocol': 'HTTPS' }],
  [6, { 'enable-cors': 'true', 'cors-allow-origin': 'https://shop.example.com' }],
  [
    6,
    { 'configuration-snippet': 'more_set_headers "X-Frame-Options: DENY";\nadd_header X-Robots-Tag none;\n' },
  ],
  [5, { 'whitelist-source-range': '10.0.0.0/8,192.168.0.0/16' }],
  [5, { affinity: 'cookie', 'session-cookie-name': 'route' }],
  [4, { 'auth-url': 'http://auth.team-0.svc.cluster.local/check' }],
  [4, { 'proxy-buffer-size': '16k' }],
  [3, { 'limit-rps': '20' }],
  [2, { 'upstream-vhost': 'inner.example.com' }],
  [2, { 'rate-limit': '100' }],
];

function pickAnnotations(random: Random): string[] {
  const picked: string[] = [];
  for (const [share, annotations] of usual) {
    if (random(100) >= share) continue;
    for (const [name, value] of Object.entries(annotations)) {
      picked.push(`      nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}\n`);
    }
  }
  if (random(100) < 30) picked.push('      cert-manager.io/cluster-issuer: public\n');
  return picked.sort();
}

interface IngressParts {
  readonly index: number;
  readonly namespace: string;
  readonly host: string;
  readonly name: string;
  readonly paths: readonly string[];
  readonly annotations: readonly string[];
  readonly tls: boolean;
}

function ingress({ index, namespace, host, name, paths, annotations, tls }: IngressParts): string {
  const time = new Date(Date.UTC(2024, 0, 1) + index * 61_000).toISOString().replace('.000', '');
  const rules = paths.map(
    (path) =>
      `        - backend:\n            service:\n              name: ${name}\n              port:\n                number: 80\n          path: ${path}\n          pathType: Prefix\n`,
  );
  return [
    '- apiVersion: networking.k8s.io/v1\n  kind: Ingress\n  metadata:\n',
    annotations.length === 0 ? '' : `    annotations:\n${annotations.join('')}`,
    `    creationTimestamp: "${time}"\n    generation: 1\n    labels:\n      app.kubernetes.io/name: ${name}\n`,
    `    name: ${name}\n    namespace: ${namespace}\n    resourceVersion: "${100_000 + index}"\n`,
    `  spec:\n    ingressClassName: nginx\n    rules:\n    - host: ${host}\n      http:\n        paths:\n${rules.join('')}`,
    tls ? `    tls:\n    - hosts:\n      - ${host}\n      secretName: ${name}-tls\n` : '',
    '  status:\n    loadBalancer:\n      ingress:\n      - ip: 203.0.113.10\n',
  ].join('');
}

function service(namespace: string, name: string): string {
  return `- apiVersion: v1\n  kind: Service\n  metadata:\n    name: ${name}\n    namespace: ${namespace}\n  spec:\n    ports:\n    - name: http\n      port: 80\n      protocol: TCP\n      targetPort: 8080\n    selector:\n      app: ${name}\n    type: ClusterIP\n`;
}

function secret(namespace: string, name: string): string {
  return `- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: ${name}\n    namespace: ${namespace}\n  type: kubernetes.io/tls\n`;
}

const ingressClass =
  '- apiVersion: networking.k8s.io/v1\n  kind: IngressClass\n  metadata:\n    name: nginx\n  spec:\n    controller: k8s.io/ingress-nginx\n';

/** A whole number from 0 up to, and without, the limit. */
type Random = (limit: number) => number;

/** Mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}
