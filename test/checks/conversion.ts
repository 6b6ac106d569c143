import type { Checked } from '../../src/checks/check.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import type { IstioObject } from '../../src/istio-api/objects.ts';
import type { GatewayServer, HttpRoute } from '../../src/istio-api/types.ts';
import type { NginxModel } from '../../src/nginx/model.ts';
import type { Step } from '../../src/plan/step.ts';
import type { ClusterObject, Ingress, PlainObject, SecretSummary, Service } from '../../src/read/cluster.ts';

/** A conversion of parts, each of which a test may leave out. */
export interface Parts {
  readonly objects?: readonly IstioObject[];
  readonly services?: readonly Service[];
  readonly secrets?: readonly SecretSummary[];
  readonly istioObjects?: readonly PlainObject[];
  readonly related?: readonly PlainObject[];
  /** Hosts and the Secret, `namespace/name`, that nginx shows for each. */
  readonly certificates?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

export function conversion(parts: Parts): Checked {
  const servers = Object.entries(parts.certificates ?? {}).map(([host, secret]) => {
    const [namespace, name] = secret.split('/');
    return { host, tls: { certificate: { kind: 'secret', namespace, name }, secretFound: true } };
  });
  return {
    cluster: {
      ingresses: [{ ...clusterObject('Ingress', 'shop/web'), rules: [], tls: [] } as unknown as Ingress],
      ingressClasses: [],
      services: parts.services ?? [service('shop/web', 80)],
      secrets: parts.secrets ?? [],
      configMaps: [],
      controllers: [],
      istioObjects: parts.istioObjects ?? [],
      related: parts.related ?? [],
      meshWorkloads: [],
      issuerDefaults: [],
      others: new Map(),
      findings: [],
    },
    options: defaultOptions,
    // The checks read hosts and certificates of the model alone.
    model: { servers } as unknown as NginxModel,
    objects: (parts.objects ?? []).map((object) => ({ object, file: 'x', from: ['shop/web'] })),
    steps: parts.steps ?? [],
  };
}

export function istio(
  kind: string,
  name: string,
  spec: object,
  group = 'networking.istio.io/v1',
): IstioObject {
  const [namespace, own] = name.split('/') as [string, string];
  return { apiVersion: group, kind, metadata: { name: own, namespace }, spec };
}

export const toWeb = [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }];

/** A route that leads to shop/web, with whatever else is given. */
export function route(name: string, match: HttpRoute['match'], rest: Partial<HttpRoute> = {}): HttpRoute {
  return { name, ...(match === undefined ? {} : { match }), route: toWeb, ...rest };
}

export function virtualService(name: string, host: string, ...http: readonly HttpRoute[]): IstioObject {
  const routes = http.length === 0 ? [route('all', undefined)] : http;
  return istio('VirtualService', name, { hosts: [host], gateways: ['istio-system/public'], http: routes });
}

export function gateway(name: string, ...servers: readonly GatewayServer[]): IstioObject {
  return istio('Gateway', name, { selector: { istio: 'ingressgateway' }, servers });
}

export function http(...hosts: readonly string[]): GatewayServer {
  return { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts };
}

export function https(host: string, credentialName: string): GatewayServer {
  return {
    port: { number: 443, name: 'https', protocol: 'HTTPS' },
    hosts: [host],
    tls: { mode: 'SIMPLE', credentialName },
  };
}

export function clusterObject(
  kind: string,
  name: string,
  labels: Record<string, string> = {},
): ClusterObject {
  const [namespace, own] = name.split('/') as [string, string];
  const ref = { kind, namespace, name: own };
  const source = { ref, file: 'dump.yaml', locate: () => ({ file: 'dump.yaml', line: 1, column: 1 }) };
  return { ref, source, annotations: new Map(), labels: new Map(Object.entries(labels)) };
}

export function plain(
  kind: string,
  name: string,
  spec: object,
  labels: Record<string, string> = {},
): PlainObject {
  return { ...clusterObject(kind, name, labels), apiVersion: 'x/v1', body: { spec } };
}

export function service(name: string, ...ports: readonly number[]): Service {
  return {
    ...clusterObject('Service', name),
    type: 'ClusterIP',
    externalName: undefined,
    headless: false,
    externalTrafficPolicy: undefined,
    selector: new Map(),
    ports: ports.map((port) => ({
      name: undefined,
      port,
      targetPort: undefined,
      protocol: 'TCP',
      appProtocol: undefined,
    })),
  };
}

export function secret(
  name: string,
  certificateNames: readonly string[] | undefined,
  keys: readonly string[] | undefined = ['tls.crt', 'tls.key'],
): SecretSummary {
  const brokenCertificate = false;
  return {
    ...clusterObject('Secret', name),
    type: 'kubernetes.io/tls',
    keys,
    certificateNames,
    brokenCertificate,
  };
}
