import type { IstioObject } from '../../../src/istio-api/objects.ts';

/** A way in which an output is broken. */
export interface Mutation {
  readonly kind: string;
  readonly what: string;
  apply(objects: readonly IstioObject[]): IstioObject[];
}

type Json = Record<string, unknown>;

/** Every way in which we know to break an output, one thing at a time. */
export function mutationsOf(objects: readonly IstioObject[], services: readonly string[]): Mutation[] {
  const found: Mutation[] = [];
  for (const [index, object] of objects.entries()) {
    const add = (kind: string, what: string, change: (spec: Json) => void): void => {
      found.push({
        kind,
        what: `${object.kind} ${object.metadata.name}: ${what}`,
        apply: (all) =>
          all.map((one, at) => {
            if (at !== index) return one;
            const copy = structuredClone(one) as IstioObject;
            change(copy.spec as Json);
            return copy;
          }),
      });
    };
    if (object.kind === 'VirtualService') routeMutations(object.spec as Json, services, add);
    if (object.kind === 'Gateway') gatewayMutations(object.spec as Json, add);
    if (object.kind === 'AuthorizationPolicy')
      add('policy', 'matches nothing', (spec) => {
        spec['selector'] = { matchLabels: { istio: 'nothing' } };
      });
  }
  return found;
}

type Add = (kind: string, what: string, change: (spec: Json) => void) => void;

function routeMutations(spec: Json, services: readonly string[], add: Add): void {
  const http = (spec['http'] ?? []) as Json[];
  for (const [index, route] of http.entries()) {
    const name = String(route['name'] ?? index);
    const at = (all: Json) => (all['http'] as Json[])[index]!;
    if (http.length > 1) add('route removed', name, (all) => void (all['http'] as Json[]).splice(index, 1));
    const match = ((route['match'] ?? []) as Json[])[0];
    const uri = match?.['uri'] as Record<string, string> | undefined;
    if (uri?.['exact'] !== undefined || uri?.['prefix'] !== undefined)
      add('path changed', name, (all) => {
        for (const one of at(all)['match'] as Json[]) one['uri'] = { exact: '/elsewhere' };
      });
    const to = ((route['route'] ?? []) as Json[])[0]?.['destination'] as Json | undefined;
    const other = services.find(
      (service) => to !== undefined && !String(to['host']).startsWith(`${service}.`),
    );
    if (to !== undefined && other !== undefined)
      add('destination changed', name, (all) => {
        for (const one of at(all)['route'] as Json[])
          (one['destination'] as Json)['host'] = `${other}.svc.cluster.local`;
      });
    if (to !== undefined)
      add('destination missing', name, (all) => {
        for (const one of at(all)['route'] as Json[])
          (one['destination'] as Json)['host'] = 'no-such.demo.svc.cluster.local';
      });
    const redirect = route['redirect'] as Json | undefined;
    if (redirect !== undefined) {
      add('redirect code changed', name, (all) => {
        const own = at(all)['redirect'] as Json;
        own['redirectCode'] = own['redirectCode'] === 303 ? 302 : 303;
      });
      add('redirect target changed', name, (all) => {
        (at(all)['redirect'] as Json)['authority'] = 'elsewhere.example.com';
      });
    }
    const direct = route['directResponse'] as Json | undefined;
    if (direct !== undefined)
      add('answer changed', name, (all) => {
        (at(all)['directResponse'] as Json)['status'] = 418;
      });
    const headers = ((route['headers'] as Json | undefined)?.['response'] as Json | undefined)?.['set'] as
      | Json
      | undefined;
    for (const header of Object.keys(headers ?? {})) {
      const set = (all: Json) => ((at(all)['headers'] as Json)['response'] as Json)['set'] as Json;
      add('header removed', `${name} ${header}`, (all) => void delete set(all)[header]);
      add('header changed', `${name} ${header}`, (all) => {
        set(all)[header] = 'broken';
      });
    }
  }
}

function gatewayMutations(spec: Json, add: Add): void {
  for (const [index, server] of ((spec['servers'] ?? []) as Json[]).entries()) {
    const at = (all: Json) => (all['servers'] as Json[])[index]!;
    const port = server['port'] as Json;
    add('server removed', String(port['name']), (all) => {
      at(all)['hosts'] = ['*/nobody.invalid'];
    });
    const tls = server['tls'] as Json | undefined;
    if (tls?.['credentialName'] !== undefined)
      add('certificate changed', String(port['name']), (all) => {
        (at(all)['tls'] as Json)['credentialName'] = 'another-certificate';
      });
  }
}
