import type { IstioObject } from '../../../src/istio-api/objects.ts';

/** One valid object of each kind, full of fields, for tests to change. */
export function object(apiVersion: string, kind: string, spec: object): IstioObject {
  return { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec };
}

const route = [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }];

export const valid = {
  gateway: object('networking.istio.io/v1', 'Gateway', {
    selector: { istio: 'ingressgateway' },
    servers: [
      {
        port: { number: 80, name: 'http', protocol: 'HTTP' },
        hosts: ['./shop.example.com', '*', 'shop/*.example.com'],
      },
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['10.0.0.1'],
        tls: {
          mode: 'MUTUAL',
          credentialName: 'web.tls',
          minProtocolVersion: 'TLSV1_2',
          cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'],
        },
      },
      {
        port: { number: 8443, name: 'tls', protocol: 'TLS' },
        hosts: ['db.example.com'],
        tls: { mode: 'PASSTHROUGH' },
      },
      { port: { number: 5432, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
    ],
  }),
  virtualService: object('networking.istio.io/v1', 'VirtualService', {
    hosts: ['shop.example.com', '*.shop.example.com'],
    gateways: ['web', 'istio-system/public'],
    http: [
      {
        name: 'canary',
        match: [
          {
            name: 'm',
            uri: { regex: '(?i)/a(/|$)(.*)' },
            method: { exact: 'GET' },
            authority: { prefix: 'shop' },
            headers: { 'x-canary': { exact: 'always' }, ':path': { regex: '.*' }, cookie: {} },
            withoutHeaders: { upgrade: {} },
            queryParams: { a: { exact: '' } },
            port: 80,
          },
          { uri: { prefix: '' } },
        ],
        route: [
          {
            destination: { host: 'web.shop.svc.cluster.local', subset: 'v1', port: { number: 80 } },
            weight: 90,
          },
          {
            destination: { host: 'canary.shop.svc.cluster.local' },
            weight: 10,
            headers: { response: { set: { a: '%%' } } },
          },
        ],
        rewrite: { uriRegexRewrite: { match: '^/a/(.*)$', rewrite: '/\\1' }, authority: 'web' },
        timeout: '0.5s',
        retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,503,gateway-error' },
        mirrors: [{ destination: { host: 'mirror.shop.svc.cluster.local' }, percentage: { value: 12.5 } }],
        fault: { delay: { fixedDelay: '100ms', percentage: { value: 1 } }, abort: { httpStatus: 503 } },
        corsPolicy: {
          allowOrigins: [{ exact: '*' }, { regex: 'https://.*' }],
          allowMethods: ['GET', 'PUT'],
          allowHeaders: ['*'],
          exposeHeaders: ['X-A'],
          maxAge: '1728000s',
          allowCredentials: false,
        },
        headers: {
          request: { set: { 'X-Real-IP': '%REQ(x)%' }, remove: ['cookie'] },
          response: { add: { 'set-cookie': 'a=b\tc' }, remove: ['x-powered-by'] },
        },
      },
      { name: 'redirect', redirect: { scheme: 'https', redirectCode: 308, port: 8443 } },
      {
        name: 'closed',
        directResponse: { status: 503, body: { string: '' } },
        headers: { response: { set: { a: 'b' } } },
      },
      { name: 'plain', route, retries: { attempts: 0 } },
    ],
    tls: [{ match: [{ port: 443, sniHosts: ['db.shop.example.com'] }], route }],
    tcp: [{ match: [{ port: 5432 }], route }],
  }),
  destinationRule: object('networking.istio.io/v1', 'DestinationRule', {
    host: 'web.shop.svc.cluster.local',
    exportTo: ['*'],
    trafficPolicy: {
      portLevelSettings: [
        {
          port: { number: 443 },
          tls: {
            mode: 'SIMPLE',
            sni: 'web.example.com',
            subjectAltNames: ['web.example.com'],
            insecureSkipVerify: false,
          },
          connectionPool: {
            tcp: { connectTimeout: '5s' },
            http: { h2UpgradePolicy: 'UPGRADE', maxRequestsPerConnection: 1 },
          },
          loadBalancer: {
            consistentHash: {
              httpCookie: { name: 'route', path: '/', ttl: '0s', attributes: [{ name: 'Secure' }] },
            },
          },
          outlierDetection: {
            consecutive5xxErrors: 3,
            interval: '10s',
            baseEjectionTime: '30s',
            maxEjectionPercent: 100,
          },
        },
      ],
      loadBalancer: { simple: 'ROUND_ROBIN' },
    },
    subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { tls: { mode: 'DISABLE' } } }],
  }),
  serviceEntry: object('networking.istio.io/v1', 'ServiceEntry', {
    hosts: ['api.example.org'],
    location: 'MESH_EXTERNAL',
    resolution: 'DNS',
    ports: [{ number: 443, name: 'https', protocol: 'HTTPS', targetPort: 8443 }],
    endpoints: [{ address: '10.0.0.1', ports: { https: 8443 } }],
  }),
  envoyFilter: object('networking.istio.io/v1alpha3', 'EnvoyFilter', {
    workloadSelector: { labels: { istio: 'ingressgateway' } },
    priority: -10,
    configPatches: [
      {
        applyTo: 'HTTP_FILTER',
        match: {
          context: 'GATEWAY',
          listener: {
            filterChain: {
              filter: {
                name: 'envoy.filters.network.http_connection_manager',
                subFilter: { name: 'envoy.filters.http.router' },
              },
            },
          },
        },
        patch: {
          operation: 'INSERT_BEFORE',
          value: {
            name: 'x',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua',
              default_source_code: { inline_string: '-- none' },
            },
          },
        },
      },
      {
        applyTo: 'HTTP_ROUTE',
        match: { context: 'GATEWAY', routeConfiguration: { vhost: { route: { name: 'a' } } } },
        patch: { operation: 'REMOVE' },
      },
    ],
  }),
  authorizationPolicy: object('security.istio.io/v1', 'AuthorizationPolicy', {
    selector: { matchLabels: { istio: 'ingressgateway' } },
    action: 'DENY',
    rules: [
      {
        from: [{ source: { notRemoteIpBlocks: ['10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:10.0.0.1'] } }],
        to: [
          {
            operation: {
              hosts: ['shop.example.com', 'shop.example.com:*'],
              notPaths: ['/public/*'],
              ports: ['443'],
            },
          },
        ],
        when: [{ key: 'request.headers[x]', values: ['a'] }],
      },
    ],
  }),
  telemetry: object('telemetry.istio.io/v1', 'Telemetry', {
    selector: { matchLabels: { istio: 'ingressgateway' } },
    tracing: [
      {
        providers: [{ name: 'otel' }],
        randomSamplingPercentage: 1.5,
        customTags: { a: { literal: { value: 'b' } } },
      },
    ],
    accessLogging: [{ disabled: true, filter: { expression: 'response.code >= 400' } }],
  }),
  peerAuthentication: object('security.istio.io/v1', 'PeerAuthentication', {
    selector: { matchLabels: { app: 'shop' } },
    mtls: { mode: 'STRICT' },
  }),
  sidecar: object('networking.istio.io/v1', 'Sidecar', {
    workloadSelector: { labels: { app: 'shop' } },
    egress: [{ hosts: ['./*', 'istio-system/*', 'team-a/*.team-a.svc.cluster.local'] }],
  }),
  wasmPlugin: object('extensions.istio.io/v1alpha1', 'WasmPlugin', {
    selector: { matchLabels: { istio: 'ingressgateway' } },
    url: 'oci://registry.example.com/plugins/waf:1',
    phase: 'AUTHZ',
    pluginConfig: { rules: ['a'] },
  }),
  proxyConfig: object('networking.istio.io/v1beta1', 'ProxyConfig', {
    selector: { matchLabels: { istio: 'ingressgateway' } },
    concurrency: 0,
    environmentVariables: { A: '1' },
  }),
  certificate: object('cert-manager.io/v1', 'Certificate', {
    secretName: 'web-tls',
    dnsNames: ['shop.example.com', '*.example.com'],
    issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer', group: 'cert-manager.io' },
  }),
  meshConfig: object('ingress2istio/v1', 'MeshConfig', {
    defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } },
    extensionProviders: [
      {
        name: 'auth',
        envoyExtAuthzHttp: { service: 'auth.demo.svc.cluster.local', port: 80, timeout: '5s' },
      },
    ],
  }),
  kustomization: {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: ['shop.example.com.yaml', 'mesh/mesh-config.yaml'],
  },
} as const;

/** A copy with the value at `path` replaced, or taken out where it is undefined. */
export function changed(original: object, path: string, value: unknown): object {
  const copy = structuredClone(original) as Record<string, unknown>;
  const steps = path.split('/');
  let holder: Record<string, unknown> = copy;
  for (const step of steps.slice(0, -1)) holder = holder[step] as Record<string, unknown>;
  const last = steps.at(-1) as string;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}
