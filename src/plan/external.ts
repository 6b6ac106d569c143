import type { Destination } from '../istio-api/types.ts';
import type { ExternalHost } from './effect.ts';

/** How a route names a host that an `external` effect makes known. */
export function externalDestination({ name, port, tls }: ExternalHost): Destination {
  return { host: name, ...(tls !== undefined && { subset: 'https' }), port: { number: port } };
}
