import type { IstioObject } from '../istio-api/objects.ts';
import type { Mapping } from '../read/fields.ts';
import { at, listOf, textOf, textsOf } from './istio-objects.ts';
import { addressList } from './nginx-policy.ts';
import type { RouteRequest } from './route.ts';

/** What AuthorizationPolicies say of a request: who may pass, or that nobody does. */
export interface Verdict {
  readonly denied: boolean;
  readonly told: readonly string[];
}

/** Reads every AuthorizationPolicy of the gateway (istio/FACTS i). */
export function policyReader(
  objects: readonly IstioObject[],
): (request: RouteRequest, port: number) => Verdict {
  const policies = objects.filter(({ kind }) => kind === 'AuthorizationPolicy');
  const byHost = new Map<string, IstioObject[]>();
  const open: IstioObject[] = [];
  for (const policy of policies) {
    const hosts = hostsOf(policy);
    if (hosts === undefined) open.push(policy);
    else for (const host of hosts) byHost.set(host, [...(byHost.get(host) ?? []), policy]);
  }
  return (request, port) => {
    const told = new Set<string>();
    let denied = false;
    for (const { spec } of [...open, ...(byHost.get(request.host) ?? [])]) {
      const action = textOf(spec, 'action') ?? 'ALLOW';
      for (const rule of listOf(spec, 'rules')) {
        const operations = listOf(rule, 'to').map((to) => at(to, 'operation'));
        if (operations.length > 0 && !operations.some((operation) => covers(operation, request, port)))
          continue;
        const sources = listOf(rule, 'from').map((from) => at(from, 'source'));
        if (action === 'CUSTOM') told.add('external auth');
        else if (action !== 'DENY') told.add(`${action} policy`);
        else if (sources.length === 0) denied = true;
        for (const source of action === 'DENY' ? sources : []) told.add(deniedSource(source));
      }
    }
    return { denied, told: [...told] };
  };
}

/** The names that a policy is about; undefined where it holds for any other, too. */
function hostsOf({ spec }: IstioObject): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  for (const rule of listOf(spec, 'rules')) {
    const operations = listOf(rule, 'to').map((to) => textsOf(at(to, 'operation'), 'hosts'));
    if (operations.length === 0 || operations.some((hosts) => hosts.length === 0)) return undefined;
    for (const host of operations.flat()) {
      const name = host.replace(/:\*$/, '').toLowerCase();
      if (name.includes('*')) return undefined;
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

function covers(operation: Mapping, { host, path, method }: RouteRequest, port: number): boolean {
  const within = (key: string, value: string, fits: (pattern: string, value: string) => boolean): boolean => {
    const [wanted, excluded] = [
      textsOf(operation, key),
      textsOf(operation, `not${key[0]!.toUpperCase()}${key.slice(1)}`),
    ];
    return (
      (wanted.length === 0 || wanted.some((pattern) => fits(pattern, value))) &&
      !excluded.some((pattern) => fits(pattern, value))
    );
  };
  return (
    within('hosts', host, (pattern, value) => star(pattern.toLowerCase(), value)) &&
    within('ports', String(port), (pattern, value) => pattern === value) &&
    within('methods', method, star) &&
    within('paths', path, fitsPath)
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
