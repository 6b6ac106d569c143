import type { Location } from './model.ts';

/** Variables with one value in a location (ingress-nginx 1.15.1, template/nginx.tmpl: the `set` lines of a location). */
export function locationVariables({ owner, backend, path }: Location): ReadonlyMap<string, string> {
  const { namespace, name } = owner.ingress.ref;
  const variables = new Map([
    ['namespace', namespace],
    ['ingress_name', name],
    ['location_path', path],
  ]);
  if (backend.kind !== 'service') return variables;
  return variables
    .set('service_name', backend.service.ref.name)
    .set('service_port', String(backend.port.port));
}
