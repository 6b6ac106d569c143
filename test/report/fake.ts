import type { Conversion } from '../../src/conversion/conversion.ts';
import {
  type Finding,
  finding,
  findingType,
  type GatewayDecision,
  type Scope,
  type Severity,
} from '../../src/domain/findings.ts';
import { defaultOptions } from '../../src/domain/options.ts';
import { type ObjectSource, originOf } from '../../src/domain/origin.ts';
import type { Outcome, OutcomeStatus, Subject } from '../../src/domain/outcome.ts';
import type { IngressState, ModelIngress, NginxModel, Server } from '../../src/nginx/model.ts';
import type { Emitted } from '../../src/plan/emitted.ts';
import type { Step } from '../../src/plan/step.ts';
import type { Cluster, Ingress } from '../../src/read/cluster.ts';

/** A conversion made by hand: only what reports look at. */
export function fakeConversion(parts: {
  readonly ingresses?: readonly ModelIngress[];
  readonly servers?: readonly Server[];
  readonly objects?: readonly Emitted[];
  readonly outcomes?: readonly Outcome[];
  readonly findings?: readonly Finding[];
  readonly steps?: readonly Step[];
  readonly others?: ReadonlyMap<string, number>;
}): Conversion {
  const ingresses = parts.ingresses ?? [];
  const cluster: Cluster = {
    ingresses: ingresses.map(({ ingress }) => ingress),
    ingressClasses: [],
    services: [],
    secrets: [],
    configMaps: [],
    controllers: [],
    meshWorkloads: [],
    issuerDefaults: [],
    istioObjects: [],
    related: [],
    others: parts.others ?? new Map(),
    findings: [],
  };
  const model = { ingresses, servers: parts.servers ?? [], tcpServices: [] } as unknown as NginxModel;
  return {
    cluster,
    options: defaultOptions,
    model,
    objects: parts.objects ?? [],
    outcomes: parts.outcomes ?? [],
    findings: parts.findings ?? [],
    secretCopies: [],
    steps: parts.steps ?? [],
  };
}

/** `namespace/name`, read from line `line` of `dump.yaml`; each step of a path is a line further down. */
export function fakeIngress(
  qualified: string,
  line = 1,
  state: IngressState = { kind: 'served' },
  file = 'dump.yaml',
): ModelIngress {
  const [namespace = '', name = ''] = qualified.split('/');
  const ref = { kind: 'Ingress', namespace, name };
  const source: ObjectSource = {
    ref,
    file,
    locate: (path) => ({ file, line: line + path.length, column: 3 }),
  };
  const ingress: Ingress = {
    ref,
    source,
    annotations: new Map(),
    labels: new Map(),
    createdAt: undefined,
    className: undefined,
    defaultBackend: undefined,
    tls: [],
    rules: [],
  };
  return { ingress, annotations: new Map(), state, canary: false } as unknown as ModelIngress;
}

export function fakeServer(host: string, ...ingresses: ModelIngress[]): Server {
  return { host, ingresses, owner: ingresses[0] } as unknown as Server;
}

export function fakeFinding(
  severity: Severity,
  parts: {
    readonly code?: string;
    readonly message?: string;
    readonly remedy?: string;
    readonly at?: ModelIngress;
    readonly path?: readonly (string | number)[];
    readonly scope?: Scope;
    readonly gateway?: GatewayDecision;
  } = {},
): Finding {
  const type = findingType<{ message: string; remedy: string }>({
    code: parts.code ?? `test/${severity}`,
    severity,
    fields: ['status'],
    summary: `A ${severity} for tests.`,
    message: ({ message }) => message,
    remedy: ({ remedy }) => remedy,
    ...(parts.gateway === undefined ? {} : { gateway: parts.gateway }),
  });
  const origin =
    parts.at === undefined ? undefined : originOf(parts.at.ingress.source, ...(parts.path ?? []));
  return finding(
    type,
    { message: parts.message ?? `This is a ${severity}.`, remedy: parts.remedy ?? 'Do something.' },
    { origin, ...(parts.scope === undefined ? {} : { scope: parts.scope }) },
  );
}

export function fakeOutcome(
  at: ModelIngress,
  status: OutcomeStatus,
  parts: Partial<Pick<Subject, 'name' | 'value'>> &
    Partial<Pick<Outcome, 'findings' | 'reason' | 'targets' | 'fidelity'>> = {},
): Outcome {
  const name = parts.name ?? 'nginx.ingress.kubernetes.io/rewrite-target';
  return {
    subject: {
      kind: 'annotation',
      name,
      value: parts.value ?? '/',
      origin: originOf(at.ingress.source, 'metadata', 'annotations', name),
    },
    status,
    fidelity: parts.fidelity,
    targets: parts.targets ?? [],
    reason: parts.reason ?? '',
    findings: parts.findings ?? [],
  };
}

export function fakeEmitted(host: string, kind = 'VirtualService', file = host): Emitted {
  return {
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind,
      metadata: { name: host.replaceAll('.', '-'), namespace: 'shop' },
      spec: { hosts: [host] },
    },
    file,
    from: ['shop/web'],
  };
}
