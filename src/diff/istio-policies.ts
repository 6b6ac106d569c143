import type { IstioObject } from '../istio-api/objects.ts';
import type { Mapping } from '../read/fields.ts';
import { at, listOf, patternsOver, textOf, textsOf } from './istio-objects.ts';
import { addressList } from './nginx-policy.ts';
import type { RouteRequest } from './route.ts';

/** What AuthorizationPolicies say of a request: who may pass, or that nobody does. */
export interface Verdict {
  readonly denied: boolean;
  readonly told: readonly string[];
}

/** A rule of a policy, taken apart once. */
interface Rule {
  readonly action: string;
  /** Undefined: it is about every request. */
  readonly operations: readonly Operation[] | undefined;
  readonly sources: readonly Mapping[];
}

/** Reads every AuthorizationPolicy of the gateway (istio/FACTS i). */
export function policyReader(
  objects: readonly IstioObject[],
): (request: RouteRequest, port: number) => Verdict {
  const byHost = new Map<string, Rule[]>();
  const open: Rule[] = [];
  for (const policy of objects.filter(({ kind }) => kind === 'AuthorizationPolicy')) {
    const rules = rulesOf(policy);
    const hosts = hostsOf(policy);
    if (hosts === undefined) open.push(...rules);
    else for (const host of hosts) byHost.set(host, [...(byHost.get(host) ?? []), ...rules]);
  }
  return (request, port) => {
    const reported = new Set<string>();
    let denied = false;
    const named = patternsOver(request.host).flatMap((pattern) => byHost.get(pattern) ?? []);
    for (const { action, operations, sources } of new Set([...open, ...named])) {
      if (operations?.some((operation) => covers(operation, request, port)) === false) continue;
      if (action === 'CUSTOM') reported.add('external auth');
      else if (action !== 'DENY') reported.add(`${action} policy`);
      else if (sources.length === 0) denied = true;
      for (const source of action === 'DENY' ? sources : []) reported.add(deniedSource(source));
    }
    return { denied, told: [...reported] };
  };
}

function rulesOf({ spec }: IstioObject): Rule[] {
  const action = textOf(spec, 'action') ?? 'ALLOW';
  return listOf(spec, 'rules').map((rule) => {
    const operations = listOf(rule, 'to').map((to) => operationOf(at(to, 'operation')));
    return {
      action,
      operations: operations.length === 0 ? undefined : operations,
      sources: listOf(rule, 'from').map((from) => at(from, 'source')),
    };
  });
}

/** The names that a policy is about, or `*.` and what they end in; undefined where it holds for any other, too. */
function hostsOf({ spec }: IstioObject): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const rule of listOf(spec, 'rules')) {
    const operations = listOf(rule, 'to').map((to) => textsOf(at(to, 'operation'), 'hosts'));
    if (operations.length === 0 || operations.some((hosts) => hosts.length === 0)) return undefined;
    for (const host of operations.flat()) {
      const name = host.replace(/:\*$/, '').toLowerCase();
      if (!/^(?:\*\.)?[^*]+$/.test(name)) return undefined;
      names.add(name);
    }
  }
  return names;
}

function deniedSource(source: Mapping): string {
  const not = [...textsOf(source, 'notIpBlocks'), ...textsOf(source, 'notRemoteIpBlocks')];
  const own = [...textsOf(source, 'ipBlocks'), ...textsOf(source, 'remoteIpBlocks')];
  if (not.length > 0 && own.length === 0) return `allow ${addressList(not)}`;
  if (own.length > 0 && not.length === 0) return `deny ${addressList(own)}`;
  return `deny by ${Object.keys(source).sort().join(', ')}`;
}

/** What a part of a request has to be, and what it may not be. */
interface Wanted {
  readonly some: readonly string[];
  readonly none: readonly string[];
}

interface Operation extends Readonly<Record<'hosts' | 'ports' | 'methods' | 'paths', Wanted>> {
  /** Names without a pattern, which are told at once. */
  readonly names: ReadonlySet<string>;
}

function operationOf(operation: Mapping): Operation {
  const wanted = (key: string, none: string): Wanted => ({
    some: textsOf(operation, key),
    none: textsOf(operation, none),
  });
  const lower = ({ some, none }: Wanted): Wanted => ({
    some: some.map((host) => host.toLowerCase()),
    none: none.map((host) => host.toLowerCase()),
  });
  const hosts = lower(wanted('hosts', 'notHosts'));
  return {
    hosts: { some: hosts.some.filter((host) => host.includes('*')), none: hosts.none },
    names: new Set(hosts.some.filter((host) => !host.includes('*'))),
    ports: wanted('ports', 'notPorts'),
    methods: wanted('methods', 'notMethods'),
    paths: wanted('paths', 'notPaths'),
  };
}

function covers(operation: Operation, { host, path, method }: RouteRequest, port: number): boolean {
  const { hosts, names, ports, methods, paths } = operation;
  const within = ({ some, none }: Wanted, value: string, fits: (pattern: string, value: string) => boolean) =>
    (some.length === 0 || some.some((pattern) => fits(pattern, value))) &&
    !none.some((pattern) => fits(pattern, value));
  const isAny = names.size === 0 && hosts.some.length === 0;
  return (
    (isAny || names.has(host) || hosts.some.some((pattern) => star(pattern, host))) &&
    !hosts.none.some((pattern) => star(pattern, host)) &&
    within(ports, String(port), (pattern, value) => pattern === value) &&
    within(methods, method, star) &&
    within(paths, path, fitsPath)
  );
}

/** Istio's string match: `*` at either end, or alone. */
function star(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

/** Paths also know templates: `{*}` is one segment, `{**}` any number of them. */
function fitsPath(pattern: string, path: string): boolean {
  if (!pattern.includes('{*')) return star(pattern, path);
  const quoted = pattern.replace(/[\\^$.+?()[\]|]/g, '\\$&');
  const source = quoted.replaceAll('{**}', '.*').replaceAll('{*}', '[^/]+');
  return new RegExp(`^${source.replace(/[{}]/g, '\\$&')}$`).test(path);
}
