import { encodePath } from '../istio-api/patterns.ts';
import type { AuthorizationOperation, AuthorizationRule } from '../istio-api/types.ts';
import type { Location, Match, Server } from '../nginx/model.ts';
import type { Explained } from '../plan/because.ts';
import type { PolicyEffect } from '../plan/effect.ts';
import { canonical } from '../text/json.ts';
import { literalHead, literalMatches, literalPaths } from './literal-paths.ts';

/** A location with one of the policies that it asks for. */
export interface RequestedPolicy {
  readonly location: Location;
  readonly effect: PolicyEffect & Explained;
}

export interface PolicyPlan {
  readonly purpose: string;
  readonly action: PolicyEffect['action'];
  readonly provider: string | undefined;
  readonly rules: readonly AuthorizationRule[];
  readonly asked: readonly RequestedPolicy[];
  /** Whether it tells locations of the host apart by their paths. */
  readonly byPath: boolean;
}

/** Names of a host: its own, which is `*` for the catch-all, and its aliases. */
export type HostNames = readonly string[];

/** What a policy has to know of the other hosts of the gateway. */
export interface Surroundings {
  /** Names of the other hosts, wildcards among them. */
  readonly others: HostNames;
  /** Hosts whose TLS the gateway passes on. Where a policy speaks of HTTP alone, a DENY would close their connections. */
  readonly passthrough: HostNames;
  /** Ports with plain TCP; that between clusters, 15443, is one on every gateway. */
  readonly tcpPorts: readonly number[];
}

/** Locations whose requests an AuthorizationPolicy cannot tell from others: they have to be closed. */
export interface HostPolicies {
  readonly plans: readonly PolicyPlan[];
  readonly inexpressible: readonly RequestedPolicy[];
}

/**
 * AuthorizationPolicies of one host. A policy knows hosts and paths alone: the paths of a location are those that it
 * matches, without those that a longer location of the host takes (nginx/SEMANTICS 4.2). A policy that holds for every
 * location needs no paths.
 */
export function hostPolicies(
  server: Server,
  names: HostNames,
  requested: readonly RequestedPolicy[],
  around: Surroundings,
  answered: readonly Match[] = [],
): HostPolicies {
  if (requested.length === 0) return { plans: [], inexpressible: [] };
  const groups = new Map<string, RequestedPolicy[]>();
  for (const one of requested) {
    const { purpose, action, provider, from, notMethods } = one.effect;
    const key = canonical({ purpose, action, provider, from, notMethods });
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  const sorted = sortedMatches(server, answered);
  const inexpressible: RequestedPolicy[] = [];
  const plans: PolicyPlan[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { purpose, action, provider, from, notMethods } = group[0]!.effect;
    const protectedLocations = new Set(group.map(({ location }) => location));
    const wholeHost = server.locations.every((location) => protectedLocations.has(location));
    const operations: AuthorizationOperation[] = wholeHost ? [pathsOutside(answered)] : [];
    const written: RequestedPolicy[] = wholeHost ? [...group] : [];
    for (const one of wholeHost ? [] : group) {
      const paths = pathsOf(one.location, server, sorted);
      if (paths === undefined) inexpressible.push(one);
      else {
        written.push(one);
        operations.push(paths);
      }
    }
    if (written.length === 0) continue;
    const common = { ...hostsOf(names, around.others), ...(notMethods && { notMethods }) };
    const deny = action === 'DENY';
    const rule: AuthorizationRule = {
      ...(from && { from: from.map((source) => ({ source })) }),
      to: together(operations).map((operation) => ({
        operation: {
          ...common,
          ...operation,
          ...(deny && around.tcpPorts.length > 0 && { notPorts: around.tcpPorts.map(String) }),
        },
      })),
      ...(deny &&
        around.passthrough.length > 0 && {
          when: [{ key: 'connection.sni', notValues: around.passthrough }],
        }),
    };
    plans.push({ purpose, action, provider, rules: [rule], asked: written, byPath: !wholeHost });
  }
  return { plans, inexpressible };
}

/** Ports that a Host header may name where a policy protects a wildcard host: `*.h:*` is no pattern of Istio's. */
export const wildcardPorts = [80, 443, 8080, 8443];

/**
 * `h` alone is walked past by `Host: h:8080` (istio/FACTS i). A wildcard covers every other host below it, and `*` all of
 * them, so those have to be taken out.
 */
function hostsOf(names: HostNames, others: HostNames): Pick<AuthorizationOperation, 'hosts' | 'notHosts'> {
  const patterns = names.filter((name) => name.startsWith('*'));
  const covered = others.filter(
    (other) => !names.includes(other) && patterns.some((pattern) => isBelow(other, pattern)),
  );
  return {
    hosts: names.flatMap(withPorts),
    ...(covered.length > 0 && { notHosts: covered.flatMap(withPorts) }),
  };
}

function isBelow(name: string, pattern: string): boolean {
  return pattern === '*' || (name !== pattern && name.endsWith(pattern.slice(1)));
}

function withPorts(name: string): string[] {
  if (name === '*') return ['*'];
  return name.startsWith('*')
    ? [name, ...wildcardPorts.map((port) => `${name}:${port}`)]
    : [name, `${name}:*`];
}

/** Paths without exceptions of their own stand in one operation: each has the names of all other hosts, where the policy is the catch-all's. */
function together(operations: readonly AuthorizationOperation[]): readonly AuthorizationOperation[] {
  const plain = operations.filter(({ paths, notPaths }) => paths !== undefined && notPaths === undefined);
  if (plain.length < 2) return operations;
  const paths = [...new Set(plain.flatMap((operation) => operation.paths ?? []))];
  return [{ paths }, ...operations.filter((operation) => !plain.includes(operation))];
}

function pathsOutside(answered: readonly Match[]): AuthorizationOperation {
  const notPaths = answered.map(patternOf).filter((path) => !path.slice(0, -1).includes('*'));
  return notPaths.length === 0 ? {} : { notPaths: [...new Set(notPaths)].sort() };
}

function patternOf({ kind, path }: Match): string {
  return kind === 'exact' ? encodePath(path) : `${encodePath(path)}*`;
}

/** A match of one of a host's locations; undefined for what the server answers by itself. */
interface OwnMatch extends Match {
  readonly location: Location | undefined;
}

/** By path, so that those inside a prefix stand side by side. */
function sortedMatches({ locations }: Server, answered: readonly Match[]): OwnMatch[] {
  return [
    ...locations.flatMap((location) => location.matches.map((match): OwnMatch => ({ ...match, location }))),
    ...answered.map((match): OwnMatch => ({ ...match, location: undefined })),
  ].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Undefined where the location's requests cannot be told by exact and prefix paths. */
function pathsOf(
  location: Location,
  server: Server,
  sorted: readonly OwnMatch[],
): { paths?: string[]; notPaths?: string[] } | undefined {
  if (server.regex) return patternPathsOf(location, server);
  const paths: string[] = [];
  for (const match of location.matches) {
    const path = encodePath(match.path);
    if (match.kind === 'regex' || path.includes('*') || path.includes('{')) return undefined;
    if (match.kind === 'exact') paths.push(path);
    else if (match.path !== '/') paths.push(`${path}*`);
  }
  const prefixes = location.matches.filter(({ kind }) => kind === 'prefix');
  const whole = prefixes.some(({ path }) => path === '/');
  const notPaths = (whole ? sorted : prefixes.flatMap(({ path }) => insideOf(path, sorted)))
    .filter((match) => match.location !== location && !(match.kind === 'prefix' && match.path === '/'))
    .map(patternOf);
  if (notPaths.some((path) => path.slice(0, -1).includes('*'))) return undefined;
  return {
    ...(!whole && { paths: [...new Set(paths)] }),
    ...(notPaths.length > 0 && { notPaths: [...new Set(notPaths)].sort() }),
  };
}

/**
 * nginx tries the patterns of a host in order, without regard to case, so what an earlier one takes is left out. The routes of
 * the location then answer its other spellings with 403 (protection.ts). Undefined where a pattern is more
 * than a path, or an earlier one that is more might take some of it.
 */
function patternPathsOf(
  location: Location,
  { locations }: Server,
): { paths?: string[]; notPaths?: string[] } | undefined {
  const own = literalPaths(location);
  if (own === undefined) return undefined;
  const notPaths: string[] = [];
  for (const other of locations.slice(0, locations.indexOf(location))) {
    for (const { path } of other.matches) {
      const head = literalHead(path).toLowerCase();
      const meets = own.some(
        (match) => head.startsWith(match.path.toLowerCase()) || match.path.toLowerCase().startsWith(head),
      );
      if (!meets) continue;
      const literal = literalMatches(path);
      if (literal === undefined) return undefined;
      notPaths.push(...literal.map(patternOf));
    }
  }
  return {
    paths: [...new Set(own.map(patternOf))],
    ...(notPaths.length > 0 && { notPaths: [...new Set(notPaths)].sort() }),
  };
}

/** The matches whose paths begin with the prefix and go on. */
function insideOf(prefix: string, sorted: readonly OwnMatch[]): OwnMatch[] {
  const first = firstIndex(sorted, 0, ({ path }) => path > prefix);
  return sorted.slice(
    first,
    firstIndex(sorted, first, ({ path }) => !path.startsWith(prefix)),
  );
}

/** The first, from an index on, for which a test holds that holds for all behind it, too. */
function firstIndex<Item>(items: readonly Item[], from: number, holds: (item: Item) => boolean): number {
  let low = from;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
