import type { Conversion } from '../conversion/conversion.ts';
import { recordAt } from '../domain/fields.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { type Options, suffixOf } from '../domain/options.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import { objectName } from '../istio-api/names.ts';
import type {
  ConnectionPool,
  DestinationRuleSpec,
  OutlierDetection,
  PortPolicy,
} from '../istio-api/types.ts';
import type { Settings } from '../nginx/settings.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { PlainObject } from '../read/cluster.ts';
import { type Backend, backendsOf } from './backends.ts';
import type { Extras } from './extras.ts';
import { destinationRuleExists } from './findings.ts';
import { connectionPool, outlierDetection } from './limits.ts';

/** What is added to every policy for a backend. */
interface Added {
  readonly pool: ConnectionPool | undefined;
  readonly outliers: OutlierDetection | undefined;
}

/**
 * Limits as one DestinationRule for each backend and gateway, for the gateway's pods only. istiod looks for the rule of a host
 * in the namespace of the proxy first, takes the one whose `workloadSelector` names the proxy, and merges it with no other
 * (istio pilot/pkg/model/push_context.go destinationRule, sidecar.go DestinationRule); a rule without the selector would
 * also change clients in the mesh, and never reach a subset that has a pool of its own. So the rule repeats the subsets that the
 * routes name, with the limits merged into each.
 */
export function limitRules(part: Conversion, whole: Conversion, settings: Settings): Extras {
  const { options } = part;
  const wanted = {
    pool: options.extras.includes('connection-pool'),
    outliers: options.extras.includes('outlier-detection'),
  };
  if (!wanted.pool && !wanted.outliers) return { objects: [], findings: [] };
  const converted = convertedRules(whole);
  const backends = backendsOf(part);
  const foreign = foreignRules(part, whole, new Set(backends.map((backend) => nameOf(backend, options))));
  const objects: Emitted[] = [];
  const findings: Finding[] = [];
  for (const backend of backends) {
    const existing = foreign(backend);
    if (existing !== undefined) {
      const args = { host: backend.host, existing: qualifiedName(existing.ref) };
      findings.push(
        finding(destinationRuleExists, args, { origin: originOf(existing.source, 'spec', 'host') }),
      );
      continue;
    }
    const pool = wanted.pool ? connectionPool(backend, settings) : undefined;
    const outliers = wanted.outliers ? outlierDetection(backend, settings) : undefined;
    const rule = converted.get(backend.host);
    const comment = [
      `Limits for ${backend.service.ref.namespace}/${backend.service.ref.name}, for requests of the gateway only:`,
      ...(pool?.comment ?? []),
      ...(outliers?.comment ?? []),
      ...(rule === undefined
        ? ['To go back, delete this object.']
        : [
            `The gateway uses it in place of DestinationRule ${rule.name}, whose subsets it repeats: convert again when`,
            'that one changes. To go back, delete this object.',
          ]),
    ];
    objects.push({
      object: {
        apiVersion: `networking.istio.io/${options.apiVersion}`,
        kind: 'DestinationRule',
        metadata: { name: nameOf(backend, options), namespace: options.gateway.namespace },
        spec: specOf(backend, rule?.spec, { pool: pool?.policy, outliers: outliers?.policy }, options),
      },
      file: ['extras', 'destinations', ...suffixOf(options), backend.host].join('/'),
      from: backend.from,
      parts: [{ path: '', comment, origins: [] }],
    });
  }
  return { objects, findings };
}

function nameOf({ service, host }: Backend, options: Options): string {
  const { namespace, name } = service.ref;
  const parts = service.type === 'ExternalName' ? ['external', ...host.split('.')] : [namespace, name];
  return objectName('limits', ...parts, ...suffixOf(options));
}

function specOf(
  { host }: Backend,
  rule: DestinationRuleSpec | undefined,
  added: Added,
  { gateway }: Options,
): DestinationRuleSpec {
  return {
    host,
    workloadSelector: { matchLabels: gateway.selector },
    trafficPolicy: withLimits(rule?.trafficPolicy ?? {}, added, true),
    ...(rule?.subsets !== undefined && {
      subsets: rule.subsets.map(({ name, trafficPolicy }) => ({
        name,
        ...(trafficPolicy !== undefined && { trafficPolicy: withLimits(trafficPolicy, added, false) }),
      })),
    }),
  };
}

/** A subset takes a block from the whole rule only where it has none of its own: istio pilot/pkg/model MergeTrafficPolicy. */
function withLimits(own: PortPolicy, { pool, outliers }: Added, whole: boolean): PortPolicy {
  const merged =
    pool === undefined || !(whole || own.connectionPool !== undefined)
      ? own.connectionPool
      : {
          tcp: { ...pool.tcp, ...own.connectionPool?.tcp },
          ...((pool.http ?? own.connectionPool?.http) !== undefined && {
            http: { ...pool.http, ...own.connectionPool?.http },
          }),
        };
  const everyZone = outliers !== undefined && (whole || own.loadBalancer !== undefined);
  return {
    ...own,
    ...(everyZone && { loadBalancer: { ...own.loadBalancer, localityLbSetting: { enabled: false } } }),
    ...(merged !== undefined && { connectionPool: merged }),
    ...(whole && outliers !== undefined && { outlierDetection: outliers }),
  };
}

function convertedRules({
  objects,
}: Conversion): ReadonlyMap<string, { readonly name: string; readonly spec: DestinationRuleSpec }> {
  return new Map(
    objects.flatMap(({ object: { kind, metadata, spec } }) => {
      const rule = spec as DestinationRuleSpec;
      return kind === 'DestinationRule'
        ? [[rule.host, { name: `${metadata.namespace}/${metadata.name}`, spec: rule }] as const]
        : [];
    }),
  );
}

/** Istio's usual root namespace: rules in it are for the whole mesh. */
const rootNamespace = 'istio-system';

/**
 * Finds a rule of the input that the gateway uses for a backend today, and that isn't an earlier version of our output.
 * @param ours names of the rules that are written in the gateway's namespace
 */
function foreignRules(
  { options, cluster }: Conversion,
  whole: Conversion,
  ours: ReadonlySet<string>,
): (backend: Backend) => PlainObject | undefined {
  const { gateway, clusterDomain } = options;
  const written = new Set([
    ...[...ours].map((name) => `${gateway.namespace}/${name}`),
    ...whole.objects.flatMap(({ object: { kind, metadata } }) =>
      kind === 'DestinationRule' ? [`${metadata.namespace}/${metadata.name}`] : [],
    ),
  ]);
  const exact = new Map<string, PlainObject[]>();
  const wildcards: { readonly suffix: string; readonly rule: PlainObject }[] = [];
  for (const rule of cluster.istioObjects) {
    if (rule.ref.kind !== 'DestinationRule' || written.has(qualifiedName(rule.ref))) continue;
    const host = recordAt(rule.body, 'spec')['host'];
    if (typeof host !== 'string') continue;
    if (host.startsWith('*')) wildcards.push({ suffix: host.slice(1), rule });
    else {
      const full = host.includes('.') ? host : `${host}.${rule.ref.namespace}.svc.${clusterDomain}`;
      exact.set(full, [...(exact.get(full) ?? []), rule]);
    }
  }
  return ({ host, service }) => {
    const near = new Set([gateway.namespace, service.ref.namespace, rootNamespace]);
    return [
      ...(exact.get(host) ?? []),
      ...wildcards.filter(({ suffix }) => host.endsWith(suffix)).map(({ rule }) => rule),
    ].find(({ ref }) => near.has(ref.namespace));
  };
}
