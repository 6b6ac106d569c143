import type { Mapping } from '../read/fields.ts';
import type { IstioContext } from './istio-context.ts';
import { filterExtras, type RoutePatches, sessionCookie } from './istio-filters.ts';
import { at, listOf, textOf } from './istio-objects.ts';

/** A destination as nginx's column names it, with the protocol that its subset makes of it. */
export function destinationName(destination: Mapping, context: IstioContext): string {
  const host = textOf(destination, 'host') ?? '';
  const suffix = `.svc.${context.options.clusterDomain}`;
  const [service, namespace] = host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
  const name = service === undefined ? `external ${host}` : `${namespace}/${service}`;
  const policy = subsetPolicy(destination, context);
  const secure = /^(?:SIMPLE|MUTUAL)$/.test(textOf(at(policy, 'tls'), 'mode') ?? '');
  const http2 = textOf(at(policy, 'connectionPool', 'http'), 'h2UpgradePolicy') === 'UPGRADE';
  const protocol = http2 ? (secure ? ' (grpcs)' : ' (grpc)') : secure ? ' (https)' : '';
  return `${name}:${textOf(at(destination, 'port'), 'number') ?? ''}${protocol}`;
}

function subsetPolicy(destination: Mapping, { destinationRules }: IstioContext): Mapping {
  const [host, subset] = [textOf(destination, 'host'), textOf(destination, 'subset')];
  const rule = destinationRules.get(host ?? '');
  if (rule === undefined) return {};
  const named = listOf(rule.spec, 'subsets').find((one) => textOf(one, 'name') === subset);
  return { ...at(rule.spec, 'trafficPolicy'), ...(subset === undefined ? {} : at(named, 'trafficPolicy')) };
}

/** Sessions, hashing, mirrors and what filters add. */
export function furtherOf(
  route: Mapping,
  to: readonly Mapping[],
  patches: RoutePatches,
  context: IstioContext,
): string[] {
  const session = sessionCookie(patches);
  const hash = at(subsetPolicy(at(to[0], 'destination'), context), 'loadBalancer', 'consistentHash');
  const cookie = session ?? textOf(at(hash, 'httpCookie'), 'name');
  const header = textOf(hash, 'httpHeaderName');
  const by =
    header === undefined
      ? hash['useSourceIp'] === true
        ? '$remote_addr'
        : undefined
      : header === ':path'
        ? '$request_uri'
        : `$http_${header.replaceAll('-', '_')}`;
  return [
    ...(cookie === undefined ? [] : [`cookie ${cookie}`]),
    ...(cookie !== undefined || by === undefined ? [] : [`hash by ${by}`]),
    ...(listOf(route, 'mirrors').length > 0 || route['mirror'] !== undefined ? ['mirror'] : []),
    ...filterExtras(patches),
  ].sort();
}
