import type { PolicyEffect } from '../features/effect.ts';
import type { Location, Server } from '../nginx/model.ts';
import type { Options } from '../options.ts';
import { canonical } from './conditions.ts';
import { encodePath, quoteRegex } from './paths.ts';
import type { AuthorizationOperation, AuthorizationRule } from './types.ts';

/** A location with one of the policies that it asks for. */
export interface AskedPolicy {
  readonly location: Location;
  readonly effect: PolicyEffect;
}

export interface PolicyPlan {
  readonly purpose: string;
  readonly action: PolicyEffect['action'];
  readonly provider: string | undefined;
  readonly rules: readonly AuthorizationRule[];
  readonly asked: readonly AskedPolicy[];
}

/** Locations whose requests an AuthorizationPolicy cannot tell from others: they have to be closed. */
export interface HostPolicies {
  readonly plans: readonly PolicyPlan[];
  readonly inexpressible: readonly AskedPolicy[];
  /** Spellings of protected paths that Envoy routes elsewhere although nginx would not; to be closed. */
  readonly evasions: readonly { readonly location: Location; readonly regex: string }[];
}

/**
 * AuthorizationPolicies of one host. A policy knows hosts and paths alone: the paths of a location are those that it
 * matches, without those that a longer location of the host takes (nginx/SEMANTICS 4.2). A policy that holds for every
 * location needs no paths.
 */
export function hostPolicies(server: Server, asked: readonly AskedPolicy[], options: Options): HostPolicies {
  const groups = new Map<string, AskedPolicy[]>();
  for (const one of asked) {
    const { purpose, action, provider, from, notMethods, exceptPlainHttp } = one.effect;
    const key = canonical({ purpose, action, provider, from, notMethods, exceptPlainHttp });
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const inexpressible: AskedPolicy[] = [];
  const evasions: { location: Location; regex: string }[] = [];
  const plans: PolicyPlan[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const first = group[0]!.effect;
    const protectedLocations = new Set(group.map(({ location }) => location));
    const wholeHost = server.locations.every((location) => protectedLocations.has(location));
    const operations: AuthorizationOperation[] = [];
    const written: AskedPolicy[] = [];
    if (wholeHost) {
      operations.push({});
      written.push(...group);
    } else {
      for (const one of group) {
        const paths = pathsOf(one.location, server);
        if (paths === undefined) {
          inexpressible.push(one);
          continue;
        }
        written.push(one);
        operations.push({ ...paths });
        const regex = evasionOf(one.location, options);
        if (regex !== undefined) evasions.push({ location: one.location, regex });
      }
    }
    if (written.length === 0) continue;
    const common = {
      hosts: hostsOf(server),
      ...(first.notMethods && { notMethods: first.notMethods }),
      ...(first.exceptPlainHttp && { notPorts: plainHttpPorts }),
    };
    const rules = [
      {
        ...(first.from && { from: first.from.map((source) => ({ source })) }),
        to: operations.map((operation) => ({ operation: { ...common, ...operation } })),
      },
    ];
    plans.push({
      purpose: first.purpose,
      action: first.action,
      provider: first.provider,
      rules,
      asked: written,
    });
  }
  return { plans, inexpressible, evasions };
}

/**
 * Ports on which the gateway's pods take plain HTTP, in `istioctl install` and in the Helm chart. A pod with another one
 * is only protected more, never less.
 */
const plainHttpPorts = ['80', '8080'];

/** `h` alone is walked past by `Host: h:8080` (istio/FACTS i). */
function hostsOf(server: Server): string[] {
  const names = [server.host, ...server.aliases.map(({ name }) => name)];
  return names.flatMap((name) => (name === '' ? ['*'] : [name, `${name}:*`]));
}

/** Undefined where the location's requests cannot be told by exact and prefix paths. */
function pathsOf(location: Location, server: Server): { paths?: string[]; notPaths?: string[] } | undefined {
  if (server.regex) return undefined;
  const paths: string[] = [];
  for (const match of location.matches) {
    const path = encodePath(match.path);
    if (match.kind === 'regex' || path.includes('*') || path.includes('{')) return undefined;
    if (match.kind === 'exact') paths.push(path);
    else if (match.path !== '/') paths.push(`${path}*`);
  }
  const whole = location.matches.some((match) => match.kind === 'prefix' && match.path === '/');
  const notPaths = server.locations
    .filter((other) => other !== location)
    .flatMap((other) => other.matches)
    .filter((match) => whole || (match.path !== '/' && isInside(match.path, location)))
    .filter((match) => !(match.kind === 'prefix' && match.path === '/'))
    .map((match) => (match.kind === 'exact' ? encodePath(match.path) : `${encodePath(match.path)}*`));
  if (notPaths.some((path) => path.slice(0, -1).includes('*'))) return undefined;
  return {
    ...(!whole && { paths: [...new Set(paths)] }),
    ...(notPaths.length > 0 && { notPaths: [...new Set(notPaths)].sort() }),
  };
}

function isInside(path: string, location: Location): boolean {
  return location.matches.some(
    (match) => match.kind === 'prefix' && path.startsWith(match.path) && path !== match.path,
  );
}

/**
 * Envoy leaves `//` and `%2F` in a path as they are unless the mesh says otherwise, nginx resolves them before it chooses:
 * `//admin` would reach the location of `/` unprotected. This matches such spellings of a protected path.
 */
function evasionOf(location: Location, options: Options): string | undefined {
  if (options.mesh.pathNormalization === 'DECODE_AND_MERGE_SLASHES') return undefined;
  const path = location.matches.find((match) => match.path !== '/')?.path;
  if (path === undefined) return undefined;
  const segments = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => quoteRegex(encodePath(segment)));
  const slash = '(?:/|%2[fF])';
  return `${slash}+${segments.join(`${slash}+`)}(?:${slash}.*)?`;
}
