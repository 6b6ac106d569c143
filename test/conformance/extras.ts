import { request } from 'node:http';
import { join } from 'node:path';
import type { Conversion } from '../../src/conversion/conversion.ts';
import type { DestinationRuleSpec, PortPolicy, VirtualServiceSpec } from '../../src/istio-api/types.ts';

/** The parts of Envoy's cluster that limits come to. */
interface Cluster {
  readonly name: string;
  readonly connect_timeout?: string;
  readonly circuit_breakers?: { readonly thresholds?: readonly { readonly max_connections?: number }[] };
  readonly outlier_detection?: {
    readonly split_external_local_origin_errors?: boolean;
    readonly consecutive_local_origin_failure?: number;
  };
  readonly common_lb_config?: {
    readonly healthy_panic_threshold?: { readonly value?: number };
    readonly locality_weighted_lb_config?: object;
  };
  readonly typed_extension_protocol_options?: Readonly<
    Record<
      string,
      {
        readonly common_http_protocol_options?: {
          readonly max_requests_per_connection?: number;
          readonly idle_timeout?: string;
        };
      }
    >
  >;
}

/**
 * What istiod did not make of the limits that a conversion writes, for each destination of its routes; empty where all of
 * them are in Envoy's clusters. A rule that is merged with another, or not found, would show here and in no probe.
 * @param dir where the running gateway has its `admin.sock`
 */
export async function limitsWithoutEffect(conversion: Conversion, dir: string): Promise<string[]> {
  const rules = new Map(
    (conversion.extras ?? [])
      .filter(({ object }) => object.kind === 'DestinationRule')
      .map(({ object }) => [(object.spec as DestinationRuleSpec).host, object.spec as DestinationRuleSpec]),
  );
  if (rules.size === 0) return [];
  const clusters = await clustersOf(dir);
  const names = destinationsOf(conversion);
  return [...rules].flatMap(([host, rule]) => {
    const used = names.filter((one) => one.host === host);
    if (used.length === 0) return [`no route names ${host}, for which there are limits`];
    return used.flatMap(({ name, subset }) => {
      const cluster = clusters.get(name);
      if (cluster === undefined) return [`Envoy has no cluster ${name}`];
      return differences(policyOf(rule, subset), cluster).map((text) => `cluster ${name}: ${text}`);
    });
  });
}

function policyOf(
  { trafficPolicy, subsets = [] }: DestinationRuleSpec,
  subset: string | undefined,
): PortPolicy {
  return { ...trafficPolicy, ...subsets.find(({ name }) => name === subset)?.trafficPolicy };
}

function differences({ connectionPool, outlierDetection }: PortPolicy, cluster: Cluster): string[] {
  const options = Object.values(cluster.typed_extension_protocol_options ?? {})[0];
  const http = options?.common_http_protocol_options;
  const panic = cluster.common_lb_config?.healthy_panic_threshold?.value;
  const facts: [what: string, wanted: unknown, found: unknown][] = [
    ['connect timeout', connectionPool?.tcp?.connectTimeout, cluster.connect_timeout],
    [
      'connections',
      connectionPool?.tcp?.maxConnections,
      cluster.circuit_breakers?.thresholds?.[0]?.max_connections,
    ],
    [
      'requests for each connection',
      connectionPool?.http?.maxRequestsPerConnection,
      http?.max_requests_per_connection,
    ],
    ['idle time', connectionPool?.http?.idleTimeout, http?.idle_timeout],
    [
      'failures of a pod',
      outlierDetection?.consecutiveLocalOriginFailures,
      cluster.outlier_detection?.consecutive_local_origin_failure,
    ],
    ['healthy pods', outlierDetection?.minHealthPercent, panic],
  ];
  return facts
    .filter(([, wanted, found]) => wanted !== undefined && wanted !== found)
    .map(([what, wanted, found]) => `${what}: ${String(wanted)} wanted, ${String(found)} found`);
}

function destinationsOf({
  objects,
}: Conversion): { name: string; host: string; subset: string | undefined }[] {
  const found = objects
    .filter(({ object }) => object.kind === 'VirtualService')
    .flatMap(({ object }) => {
      const { http = [], tls = [], tcp = [] } = object.spec as VirtualServiceSpec;
      return [...http, ...tls, ...tcp].flatMap(({ route = [] }) => route);
    })
    .map(({ destination: { host, subset, port } }) => ({
      name: `outbound|${port?.number}|${subset ?? ''}|${host}`,
      host,
      subset,
    }));
  return [...new Map(found.map((one) => [one.name, one])).values()];
}

async function clustersOf(dir: string): Promise<ReadonlyMap<string, Cluster>> {
  const text = await new Promise<string>((resolve, reject) => {
    const path = '/config_dump?resource=dynamic_active_clusters';
    request({ socketPath: join(dir, 'admin.sock'), path, host: 'envoy' }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (data) => {
        body += data;
      });
      response.on('end', () => resolve(body));
    })
      .on('error', reject)
      .end();
  });
  const { configs } = JSON.parse(text) as { readonly configs: readonly { readonly cluster: Cluster }[] };
  return new Map(configs.map(({ cluster }) => [cluster.name, cluster]));
}
