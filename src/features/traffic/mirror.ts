import { findingType } from '../../domain/findings.ts';
import { externalHostName, serviceHost } from '../../istio-api/service-host.ts';
import type { Destination } from '../../istio-api/types.ts';
import type { Location } from '../../nginx/model.ts';
import type { Effect, ExternalHost } from '../../plan/effect.ts';
import { externalDestination } from '../../plan/external.ts';
import { luaOnRoutes } from '../../plan/lua.ts';
import type { FeatureResult } from '../../plan/result.ts';
import { claimAll, findingAt, idle } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { type MirrorPath, mirrorScript } from './mirror-script.ts';

const names = ['mirror-target', 'mirror-request-body', 'mirror-host'];

const variable = findingType<{ target: string }>({
  code: 'mirror/variable',
  severity: 'warning',
  fields: ['side-requests'],
  summary: "The mirror target depends on the request and can't be resolved in advance.",
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
    `nginx sends copies to ${target} as written; Envoy uses the path that the backend receives.`,
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

const unmatched = findingType<{ host: string }>({
  code: 'mirror/unmatched-paths',
  severity: 'note',
  fields: ['side-requests'],
  summary: 'Requests for paths that no rule names are not copied.',
  message: ({ host }) =>
    `ingress-nginx also copies requests to ${host} that no rule matches, and returns 404 to them. The gateway returns 404 without a copy.`,
  remedy: () => 'Usually no action is needed.',
});

const longBody = findingType<object>({
  code: 'mirror/long-body',
  severity: 'note',
  fields: [],
  summary: 'Copies of long requests have no body.',
  message: () =>
    'The EnvoyFilter copies bodies of up to 1 MiB with a Content-Length. Copies of longer requests, and of those sent in chunks, have no body.',
  remedy: () => 'Usually no action is needed.',
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
  findings: [variable, missing, otherPath, otherHost, unmatched, longBody, body],
  location(location, context) {
    const { owner, backend } = location;
    const annotation = owner.annotations.get('mirror-target');
    if (annotation === undefined) return idle(owner, names, 'mirror-target is not set.');
    if (location.denied !== undefined || backend.kind === 'unavailable')
      return idle(owner, names, 'nginx returns 503 before it copies requests.');
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
    const reaches: Effect[] = external === undefined ? [] : [{ kind: 'external', host: external }];
    const host = String(owner.annotations.get('mirror-host')?.value ?? target.host);
    const withoutBody = owner.annotations.get('mirror-request-body')?.value === 'off';
    if (context.options.envoyFilters === 'allow' && target.path !== undefined) {
      // Without a path of its own nginx's copy has that of the location that sends it, which names the Ingress by its uid.
      const { namespace, name } = owner.ingress.ref;
      const { head, tail } = target.path;
      const path = { head: head === '' && !tail ? `/_mirror-${namespace}-${name}` : head, tail };
      const script = mirrorScript({ destination, host, path, withoutBody });
      return {
        effects: [
          ...reaches,
          ...luaOnRoutes('mirror', script, { before: 'router', on: 'checked', priority: 70 }),
        ],
        claims: claimAll(owner, names, 'converted', { fidelity: 'equivalent' }),
        findings: withoutBody ? [] : [findingAt(longBody, {}, location, 'mirror-target')],
      };
    }
    // Envoy copies what it forwards, so what it answers by itself is not copied.
    if (backend.kind !== 'service')
      return {
        ...idle(owner, names, 'Nothing is sent to a backend here.'),
        findings: [findingAt(unmatched, { host: location.server.host }, location, 'mirror-target')],
      };
    const effects: Effect[] = [
      ...reaches,
      { kind: 'forward', patch: { mirrors: [{ destination, percentage: { value: 100 } }] } },
    ];
    const rewrites = owner.annotations.has('rewrite-target');
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
        ...(target.path?.tail === true && target.path.head === '' && !rewrites
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
  /** The path of the copies; undefined where variables other than `$request_uri` make it. */
  readonly path: MirrorPath | undefined;
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
  return { tls, host: externalHostName(host), port: number, path: pathOf(rest) };
}

function pathOf(rest: string): MirrorPath | undefined {
  const tail = rest.endsWith('$request_uri');
  const head = tail ? rest.slice(0, -'$request_uri'.length) : rest;
  if (head.includes('$')) return undefined;
  return { head, tail };
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
