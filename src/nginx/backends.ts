import type { Backend, Rule, Service, ServicePort } from '../read/cluster.ts';
import type { Lookup } from './lookup.ts';
import type { Controller, ControllerFlags, LocationBackend, ServiceBackend } from './model.ts';

type ServiceReference = Extract<Backend, { kind: 'service' }>;

/**
 * The Service port that a backend means: the first whose number, targetPort or name is what the Ingress writes
 * (ingress-nginx 1.15.1, controller/controller.go serviceEndpoints; scenario service-ports).
 */
export function findPort(service: Service, wanted: number | string | undefined): ServicePort | undefined {
  const text = String(wanted ?? '');
  return service.ports.find(
    (port) =>
      String(port.port) === text || String(port.targetPort ?? port.port) === text || port.name === text,
  );
}

/** Where a location's requests go; a Service or port that does not exist makes nginx answer 503. */
export function resolveBackend(
  backend: ServiceReference,
  namespace: string,
  lookup: Lookup,
  flags: ControllerFlags,
): LocationBackend {
  const name = `${namespace}/${backend.name}`;
  const service = lookup.service(name);
  const unavailable = (reason: string): LocationBackend => ({
    kind: 'unavailable',
    reason,
    service: name,
    origin: backend.origin,
  });
  if (service === undefined) return unavailable(`the Service ${name} is not in the input`);
  if (service.type === 'ExternalName') {
    if (flags.disableSvcExternalName)
      return unavailable(
        `the Service ${name} is an ExternalName, and the controller runs with --disable-svc-external-name`,
      );
    if (service.externalName === undefined || isLocal(service.externalName))
      return unavailable(`the ExternalName of the Service ${name} is refused by the controller`);
    return { kind: 'service', service, port: externalPort(service, backend.port), origin: backend.origin };
  }
  const port = findPort(service, backend.port);
  if (port === undefined) return unavailable(`the Service ${name} has no port ${backend.port ?? ''}`);
  return { kind: 'service', service, port, origin: backend.origin };
}

/** ingress-nginx 1.15.1, controller/controller.go externalNamePorts: a port that the Service does not list is used as it stands. */
function externalPort(service: Service, wanted: number | string | undefined): ServicePort {
  const found = findPort(service, wanted);
  if (found !== undefined) return found;
  const number = Number(wanted);
  return {
    name: undefined,
    port: Number.isInteger(number) && number > 0 ? number : 80,
    targetPort: undefined,
    protocol: 'TCP',
    appProtocol: undefined,
  };
}

/** ingress-nginx 1.15.1, controller/endpointslices.go refuses these names. */
function isLocal(host: string): boolean {
  return host === 'localhost' || host === 'localhost.' || host.endsWith('.localhost') || /^127\./.test(host);
}

/** nginx's upstream, which canaries, balancing and affinity hang on: `namespace-service-port` as the Ingress writes it. */
export function upstreamKey(namespace: string, backend: ServiceReference): string {
  return `${namespace}-${backend.name}-${backend.port ?? ''}`;
}

/** Key of a resolved backend, for settings that Istio keeps per Service port. */
export function backendKey(backend: ServiceBackend): string {
  return `${backend.service.ref.namespace}/${backend.service.ref.name}:${backend.port.port}`;
}

/** `--default-backend-service`, else the controller's own 404. */
export function globalDefaultBackend(lookup: Lookup, controller: Controller): LocationBackend {
  const service = lookup.service(controller.flags.defaultBackendService);
  const port = service?.ports[0];
  return service === undefined || port === undefined
    ? { kind: 'not-found' }
    : { kind: 'service', service, port, origin: undefined };
}

/** The host of a rule as nginx names its server; '' for the server `_`. */
export function hostOf(rule: Rule): string {
  return rule.host.toLowerCase();
}
