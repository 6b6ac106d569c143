import type { Conversion } from '../conversion/conversion.ts';
import { recordAt } from '../domain/fields.ts';
import { type Finding, finding } from '../domain/findings.ts';
import { originOf, qualifiedName } from '../domain/origin.ts';
import { objectName } from '../istio-api/names.ts';
import type { IstioObject } from '../istio-api/objects.ts';
import { serviceHost } from '../istio-api/service-host.ts';
import type { DestinationRuleSpec } from '../istio-api/types.ts';
import type { Emitted } from '../plan/emitted.ts';
import type { PlainObject } from '../read/cluster.ts';
import { canonical } from '../text/json.ts';
import { callersIn } from './callers.ts';
import { type Extras, joinExtras } from './extras.ts';
import { closedToNginx, exists, noServiceAccount, otherCallers, ownTls, strictTls } from './findings.ts';
import { namesOf, type Workload, workloadExtras, workloadsOf } from './workloads.ts';

/** Policies for the backends' own pods: who may reach them, over what, and what they know of the mesh. */
export function workloadPolicies(parts: readonly Conversion[], whole: Conversion): Extras {
  const wanted = workloadExtras.filter((extra) => whole.options.extras.includes(extra));
  if (wanted.length === 0) return { objects: [], findings: [] };
  const { workloads, findings } = workloadsOf(parts, wanted);
  const identified = wanted.filter((extra) => extra !== 'sidecar');
  const tls = identified.length === 0 ? [] : workloads.filter(hasOwnTls(whole));
  const mutual = workloads.filter((workload) => !tls.includes(workload));
  const refused = tls.map((workload) =>
    finding(
      ownTls,
      { service: namesOf(workload), extras: identified.join(' and ') },
      { origin: originOf(workload.services[0]!.source, 'metadata', 'name') },
    ),
  );
  return joinExtras([
    { objects: [], findings: [...findings, ...refused] },
    ...(wanted.includes('gateway-only') ? [gatewayOnly(mutual, parts, whole)] : []),
    ...(wanted.includes('peer-authentication') ? [strictMutualTls(mutual, whole)] : []),
    ...(wanted.includes('sidecar') ? [sidecars(workloads, whole)] : []),
  ]);
}

/** Whether a route opens TLS to the workload that isn't the mesh's: then its proxies learn nobody's identity. */
function hasOwnTls({ objects, options }: Conversion): (workload: Workload) => boolean {
  const hosts = new Set(
    objects.flatMap(({ object: { kind, spec } }) => {
      const { host, subsets = [] } = spec as DestinationRuleSpec;
      const own = kind === 'DestinationRule' && subsets.some(({ trafficPolicy }) => trafficPolicy?.tls);
      return own ? [host] : [];
    }),
  );
  return ({ services }) => services.some(({ ref }) => hosts.has(serviceHost(ref, options)));
}

/** An object for a workload, named after its first Service. */
function policyFor(
  workload: Workload,
  prefix: readonly string[],
  head: Pick<IstioObject, 'apiVersion' | 'kind'>,
  spec: object,
  comment: readonly string[],
): Emitted {
  const { name } = workload.services[0]!.ref;
  const { namespace } = workload;
  return {
    object: { ...head, metadata: { name: objectName(...prefix, name), namespace }, spec },
    file: `extras/${prefix.join('-')}/${name}.${namespace}`,
    from: workload.from,
    parts: [{ path: '', comment, origins: [] }],
  };
}

/**
 * An ALLOW policy for the pods of each backend: one is enough to refuse everybody whom no ALLOW policy names. (At the gateway this
 * project writes DENY policies only, as there an ALLOW would close all other hosts; here that is what is asked for.)
 */
function gatewayOnly(
  workloads: readonly Workload[],
  parts: readonly Conversion[],
  whole: Conversion,
): Extras {
  const accounts = new Map(parts.map((part) => [part, principalsOf(part)]));
  const used = parts.filter((part) => workloads.some((workload) => workload.parts.has(part)));
  const unknown = used.filter((part) => accounts.get(part)!.length === 0);
  const findings: Finding[] = [...new Set(unknown.map(gatewayName))].map((gateway) =>
    finding(noServiceAccount, { gateway }),
  );
  const callersOf = callersIn(whole);
  const objects: Emitted[] = [];
  for (const workload of workloads) {
    if ([...workload.parts].some((part) => accounts.get(part)!.length === 0)) continue;
    const principals = [...new Set([...workload.parts].flatMap((part) => accounts.get(part)!))].sort();
    const callers = callersOf(workload);
    const comment = [
      `Only the gateway may reach the pods of ${namesOf(workload)}, on all of their ports. It is known by its certificate, so this`,
      'needs mutual TLS: a sidecar or ztunnel next to the pods. Pods without either are not protected.',
      ...(callers.length === 0
        ? ['The input shows nobody else who calls them; calls inside the cluster often show nowhere.']
        : ['Refused, although the input shows that they call them:', ...callers.map((one) => `- ${one}`)]),
      'To let others in, add their principals to the list. To go back, delete this object.',
    ];
    const spec = {
      selector: { matchLabels: workload.selector },
      action: 'ALLOW',
      rules: [{ from: [{ source: { principals } }] }],
    };
    const head = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' };
    objects.push(policyFor(workload, ['gateway', 'only'], head, spec, comment));
    if (callers.length > 0)
      findings.push(
        finding(
          otherCallers,
          { service: namesOf(workload), callers },
          { origin: originOf(workload.services[0]!.source, 'metadata', 'name') },
        ),
      );
  }
  if (objects.length > 0) findings.unshift(finding(closedToNginx, { policies: objects.length }));
  return { objects, findings };
}

/** `cluster.local` stands for the mesh's own trust domain, whatever its name (istio pilot/pkg/security/trustdomain). */
function principalsOf({ options: { gateway }, cluster }: Conversion): string[] {
  const selected = Object.entries(gateway.selector);
  const shown = cluster.meshWorkloads.flatMap(({ role, ref, podLabels, serviceAccount }) =>
    role === 'gateway' &&
    ref.namespace === gateway.namespace &&
    serviceAccount !== undefined &&
    selected.every(([key, value]) => podLabels.get(key) === value)
      ? [serviceAccount]
      : [],
  );
  const names = gateway.serviceAccount === undefined ? [...new Set(shown)] : [gateway.serviceAccount];
  return names.sort().map((name) => `cluster.local/ns/${gateway.namespace}/sa/${name}`);
}

function gatewayName({ options: { gateway } }: Conversion): string {
  const labels = Object.entries(gateway.selector).map(([key, value]) => `${key}=${value}`);
  return `${gateway.namespace}/${labels.join(',')}`;
}

function strictMutualTls(workloads: readonly Workload[], whole: Conversion): Extras {
  const head = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };
  const made = unlessThere(workloads, whole, head.kind, ['selector', 'matchLabels'], (workload) =>
    policyFor(
      workload,
      ['strict'],
      head,
      { selector: { matchLabels: workload.selector }, mtls: { mode: 'STRICT' } },
      [
        `The pods of ${namesOf(workload)} accept mutual TLS only, on all of their ports: callers outside the mesh are refused.`,
        'To go back, delete this object.',
      ],
    ),
  );
  const { length } = made.objects;
  return length === 0
    ? made
    : { ...made, findings: [finding(strictTls, { policies: length }), ...made.findings] };
}

/** What every proxy knows of the control plane's namespace, whatever else its Sidecar leaves out. */
const controlPlane = 'istio-system/*';

function sidecars(workloads: readonly Workload[], whole: Conversion): Extras {
  const head = { apiVersion: `networking.istio.io/${whole.options.apiVersion}`, kind: 'Sidecar' };
  return unlessThere(workloads, whole, head.kind, ['workloadSelector', 'labels'], (workload) =>
    policyFor(
      workload,
      ['sidecar'],
      head,
      { workloadSelector: { labels: workload.selector }, egress: [{ hosts: ['./*', controlPlane] }] },
      [
        `The proxies of ${namesOf(workload)} get the configuration of Services of their own namespace only, which saves memory.`,
        'Calls to other namespaces still leave, but without mutual TLS and routes: list the hosts that these pods call.',
        'To go back, delete this object.',
      ],
    ),
  );
}

/** Istio uses one of these kinds for a pod: where the input has another for the same labels, none is written. */
function unlessThere(
  workloads: readonly Workload[],
  { cluster }: Conversion,
  kind: string,
  path: readonly string[],
  make: (workload: Workload) => Emitted,
): Extras {
  const there = new Map<string, PlainObject>();
  for (const object of cluster.istioObjects) {
    const labels = recordAt(object.body, 'spec', ...path);
    if (object.ref.kind === kind && Object.keys(labels).length > 0)
      there.set(canonical([object.ref.namespace, labels]), object);
  }
  const objects: Emitted[] = [];
  const findings: Finding[] = [];
  for (const workload of workloads) {
    const emitted = make(workload);
    const { namespace, name } = emitted.object.metadata;
    const existing = there.get(canonical([workload.namespace, workload.selector]));
    if (existing === undefined || qualifiedName(existing.ref) === `${namespace}/${name}`) {
      objects.push(emitted);
      continue;
    }
    const args = { kind, existing: qualifiedName(existing.ref), service: namesOf(workload) };
    findings.push(finding(exists, args, { origin: originOf(existing.source, 'spec') }));
  }
  return { objects, findings };
}
