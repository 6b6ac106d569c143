import { type Finding, finding, findingType } from '../domain/findings.ts';
import { type Options, suffixOf } from '../domain/options.ts';
import type { Outcome } from '../domain/outcome.ts';
import { objectName } from '../istio-api/names.ts';
import type { Lookup } from '../nginx/lookup.ts';
import type { NginxModel } from '../nginx/model.ts';
import type { Emitted } from '../plan/emitted.ts';
import { splitOf, tcpSplitFindingTypes, unknownSplits } from './tcp-splits.ts';

const notServed = findingType<{ port: string; reason: string }>({
  code: 'tcp/not-served',
  severity: 'warning',
  fields: [],
  summary: 'nginx does not open this TCP port.',
  message: ({ port, reason }) =>
    `The TCP port ${port} is not open today, because ${reason}; it was not converted.`,
  remedy: () => 'Add the Service to the input, or remove the entry.',
});

const proxyProtocol = findingType<{ port: string }>({
  code: 'tcp/proxy-protocol',
  severity: 'error',
  fields: ['upstream', 'status', 'connection'],
  summary: "The PROXY protocol of a TCP port isn't converted.",
  message: ({ port }) =>
    `The TCP port ${port} uses the PROXY protocol, which a Gateway's server doesn't support; the first bytes of its clients or its backend would be misread.`,
  remedy: () =>
    'Turn it on for the whole gateway (gatewayTopology.proxyProtocol), or with an EnvoyFilter, or do without it.',
});

const gatewayPort = findingType<{ port: string }>({
  code: 'tcp/gateway-port',
  severity: 'note',
  fields: [],
  summary: "The gateway's Service has to open a TCP port.",
  message: ({ port }) => `The TCP port ${port} also has to be a port of the gateway's Service.`,
  remedy: () => 'Add the port to the Service of the ingress gateway.',
});

export const tcpFindingTypes = [notServed, proxyProtocol, gatewayPort, ...tcpSplitFindingTypes];

export interface TcpAssembly {
  readonly objects: readonly Emitted[];
  readonly outcomes: readonly Outcome[];
  readonly findings: readonly Finding[];
}

/** `tcp-services` as TCP servers of a Gateway with a VirtualService each (scenario tcp-services). */
export function tcpObjects(model: NginxModel, options: Options, lookup: Lookup): TcpAssembly {
  const objects: Emitted[] = [];
  const outcomes: Outcome[] = [];
  const findings: Finding[] = [...unknownSplits(model, options)];
  const apiVersion = `networking.istio.io/${options.apiVersion}`;
  for (const { port, backend, origin, acceptProxyProtocol, sendProxyProtocol } of model.tcpServices) {
    const key = String(origin.path.at(-1));
    const subject = { kind: 'tcp-service' as const, name: key, value: '', origin };
    if (backend.kind === 'unavailable') {
      const reported = [finding(notServed, { port: key, reason: backend.reason }, { origin })];
      findings.push(...reported);
      outcomes.push({
        subject,
        status: 'no-effect-today',
        fidelity: undefined,
        targets: [],
        reason: backend.reason,
        findings: reported,
      });
      continue;
    }
    if (acceptProxyProtocol || sendProxyProtocol) {
      const reported = [finding(proxyProtocol, { port: key }, { origin })];
      findings.push(...reported);
      outcomes.push({
        subject,
        status: 'manual',
        fidelity: undefined,
        targets: [],
        reason: 'It uses the PROXY protocol.',
        findings: reported,
      });
      continue;
    }
    const { service } = backend;
    const namespace = options.namespace ?? service.ref.namespace;
    const metadata = {
      name: objectName('tcp', String(port), ...suffixOf(options)),
      namespace,
      annotations: {
        'ingress2istio/from': `ConfigMap ${origin.source.ref.namespace}/${origin.source.ref.name}`,
      },
    };
    const destination = {
      host: `${service.ref.name}.${service.ref.namespace}.svc.${options.clusterDomain}`,
      port: { number: backend.port.port },
    };
    const gateways = [`${namespace}/${metadata.name}`];
    const gateway = {
      selector: options.gateway.selector,
      servers: [{ port: { number: port, name: `tcp-${port}`, protocol: 'TCP' }, hosts: ['*'] }],
    };
    const split = splitOf(port, destination, origin, options, lookup);
    const route = split.routes;
    const virtualService = { hosts: ['*'], gateways, tcp: [{ match: [{ port }], route }] };
    const file = `tcp-${port}`;
    objects.push({ object: { apiVersion, kind: 'Gateway', metadata, spec: gateway }, file, from: [] });
    objects.push({
      object: { apiVersion, kind: 'VirtualService', metadata, spec: virtualService },
      file,
      from: [],
      ...(split.comment.length > 0 && {
        parts: [{ path: 'spec.tcp.0', comment: split.comment, origins: [] }],
      }),
    });
    findings.push(...split.findings);
    findings.push(finding(gatewayPort, { port: key }, { origin }));
    const targets = [{ kind: 'VirtualService', namespace, name: metadata.name }];
    outcomes.push({ subject, status: 'converted', fidelity: 'exact', targets, reason: '', findings: [] });
  }
  return { objects, outcomes, findings };
}
