import { findingType } from '../findings.ts';
import { externalDestination, externalHostName, serviceHost } from '../istio/destinations.ts';
import type { Destination } from '../istio/types.ts';
import type { Location } from '../nginx/model.ts';
import { claimAll, findingAt, idle } from './claims.ts';
import type { Effect, ExternalHost } from './effect.ts';
import type { Context, Feature } from './feature.ts';
import type { FeatureResult } from './result.ts';

const names = ['mirror-target', 'mirror-request-body', 'mirror-host'];

const variable = findingType<{ target: string }>({
  code: 'mirror/variable',
  severity: 'warning',
  fields: ['side-requests'],
  summary: 'The target of a mirror cannot be told beforehand.',
  message: ({ target }) =>
    `mirror-target ${target} is no address of a host that is known beforehand; requests are not copied.`,
  remedy: () => 'Write scheme, host and port out; only $request_uri may follow.',
});

const missing = findingType<{ target: string }>({
  code: 'mirror/service-missing',
  severity: 'warning',
  fields: ['side-requests'],
  summary: 'The Service of a mirror is not in the input.',
  message: ({ target }) =>
    `mirror-target ${target} names a Service or port that is not in the input; requests are not copied.`,
  remedy: () => 'Add the Service to the input, or remove the annotation.',
});

const otherPath = findingType<{ target: string }>({
  code: 'mirror/path',
  severity: 'warning',
  fields: ['side-requests'],
  summary: 'Copies of requests have another path.',
  message: ({ target }) =>
    `nginx sends copies to ${target} as it stands there; Envoy keeps the path of the request as it goes to the upstream.`,
  remedy: () =>
    'Have the receiver of the copies take any path; end mirror-target in $request_uri to see the same today.',
});

const otherHost = findingType<{ host: string }>({
  code: 'mirror/host',
  severity: 'warning',
  fields: ['side-requests'],
  summary: 'Copies of requests name the host of the request.',
  message: ({ host }) =>
    `nginx sends copies with Host: ${host}; on Istio they keep the host of the request, which a receiver that serves several hosts may refuse.`,
  remedy: () => 'Have the receiver of the copies take any host.',
});

const body = findingType<object>({
  code: 'mirror/body',
  severity: 'note',
  fields: ['side-requests'],
  summary: 'Copies of requests have a body.',
  message: () => 'mirror-request-body off leaves the body out of copies; Envoy always copies it.',
  remedy: () => '',
});

/**
 * Copies of requests (ingress-nginx 1.15.1, annotations/mirror/main.go, template/template.go buildMirrorLocations; scenario
 * mirror-target): a Service of the cluster by its DNS name, or a host outside, for which a ServiceEntry is written.
 */
export const mirror: Feature = {
  name: 'mirror',
  findings: [variable, missing, otherPath, otherHost, body],
  location(location, context) {
    const { owner, backend } = location;
    const annotation = owner.annotations.get('mirror-target');
    if (annotation === undefined) return idle(owner, names, 'mirror-target is not set.');
    if (backend.kind !== 'service') return idle(owner, names, 'Nothing is sent to an upstream here.');
    const raw = String(annotation.value);
    const target = parseTarget(raw);
    const left = (type: typeof variable): FeatureResult => ({
      effects: [],
      claims: claimAll(owner, names, 'manual', { reason: 'Its target is not known.' }),
      findings: [findingAt(type, { target: raw }, location, 'mirror-target')],
    });
    if (target === undefined) return left(variable);
    const found = destinationOf(target, location, context);
    if (found === undefined) return left(missing);
    const { destination, external } = found;
    const effects: Effect[] = [
      ...(external === undefined ? [] : [{ kind: 'external' as const, host: external }]),
      { kind: 'forward', patch: { mirrors: [{ destination, percentage: { value: 100 } }] } },
    ];
    const host = String(owner.annotations.get('mirror-host')?.value ?? target.host);
    const rewrites = owner.annotations.has('rewrite-target');
    const withoutBody = owner.annotations.get('mirror-request-body')?.value === 'off';
    return {
      effects,
      claims: [
        ...claimAll(owner, ['mirror-target'], 'converted'),
        ...claimAll(
          owner,
          ['mirror-request-body'],
          withoutBody ? 'impossible' : 'converted',
          withoutBody ? { reason: 'Envoy always copies the body.' } : {},
        ),
        ...claimAll(owner, ['mirror-host'], 'impossible', { reason: 'Copies keep the host of the request.' }),
      ],
      findings: [
        ...(target.requestUri && !rewrites
          ? []
          : [findingAt(otherPath, { target: raw }, location, 'mirror-target')]),
        findingAt(
          otherHost,
          { host },
          location,
          owner.annotations.has('mirror-host') ? 'mirror-host' : 'mirror-target',
        ),
        ...(withoutBody ? [findingAt(body, {}, location, 'mirror-request-body')] : []),
      ],
    };
  },
};

interface Target {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** The path of the request follows, and nothing else. */
  readonly requestUri: boolean;
}

function parseTarget(text: string): Target | undefined {
  const [, scheme, host, port, rest = ''] =
    /^(https?):\/\/([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)\.?(?::(\d{1,5}))?((?:[/$?].*)?)$/i.exec(
      text,
    ) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const tls = scheme.toLowerCase() === 'https';
  const number = port === undefined ? (tls ? 443 : 80) : Number(port);
  if (number < 1 || number > 65535) return undefined;
  return { tls, host: externalHostName(host), port: number, requestUri: rest === '$request_uri' };
}

/** Certificates of targets are not checked, as in nginx. */
function destinationOf(
  { tls, host, port }: Target,
  { owner }: Location,
  { cluster, options }: Context,
): { readonly destination: Destination; readonly external: ExternalHost | undefined } | undefined {
  const inside = serviceName(host, options.clusterDomain);
  const settings = tls ? { mode: 'SIMPLE' as const, sni: host, insecureSkipVerify: true } : undefined;
  if (inside === undefined) {
    const external = { name: host, port, namespace: owner.ingress.ref.namespace, tls: settings };
    return { destination: externalDestination(external), external };
  }
  const service = cluster.service(`${inside.namespace}/${inside.name}`);
  if (service === undefined || service.type === 'ExternalName') return undefined;
  if (!service.ports.some((candidate) => candidate.port === port)) return undefined;
  const name = serviceHost(service.ref, options);
  const mesh = { name, port, namespace: inside.namespace, tls: settings, inMesh: true };
  return { destination: externalDestination(mesh), external: tls ? mesh : undefined };
}

/** `name.namespace.svc`, with or without the cluster's domain. */
function serviceName(
  host: string,
  clusterDomain: string,
): { readonly namespace: string; readonly name: string } | undefined {
  const suffix = [`.svc.${clusterDomain}`, '.svc'].find((end) => host.endsWith(end));
  if (suffix === undefined) return undefined;
  const [name, namespace, ...rest] = host.slice(0, -suffix.length).split('.');
  return name === undefined || namespace === undefined || rest.length > 0 ? undefined : { namespace, name };
}
