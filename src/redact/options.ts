import type { ControllerOptions, GatewayOptions, GivenOptions } from '../domain/options.ts';
import { redactKey, redactName } from './annotations.ts';
import type { Renaming } from './renaming.ts';
import { redactHost, redactText } from './text.ts';
import { redactArgument } from './workload.ts';

/** The choices that name objects, with the names that these have in the redacted input. */
export function redactOptions(options: GivenOptions, renaming: Renaming): GivenOptions {
  const name = (text: string) => redactName(text, renaming);
  const { controllers, controller, namespace, defaultIssuer, defaultCertificate, extAuthProvider } = options;
  return {
    ...options,
    gateway: redactGateway(options.gateway, renaming),
    ...(controllers !== undefined && {
      controllers: controllers.map((one) => redactController(one, renaming)),
    }),
    ...(controller !== undefined && { controller: name(controller) }),
    namespace: namespace === undefined ? undefined : name(namespace),
    clusterDomain: redactHost(`.svc.${options.clusterDomain}`, renaming).slice('.svc.'.length),
    defaultIssuer: defaultIssuer === undefined ? undefined : redactIssuer(defaultIssuer, renaming),
    defaultCertificate: defaultCertificate === undefined ? undefined : name(defaultCertificate),
    extAuthProvider: extAuthProvider === undefined ? undefined : name(extAuthProvider),
    tcpSplits: options.tcpSplits.map((one) => ({ ...one, service: redactService(one.service, renaming) })),
    controllerFlags: options.controllerFlags.map((flag) => redactArgument(flag, renaming)),
  };
}

function redactGateway<Gateway extends Partial<GatewayOptions>>(
  gateway: Gateway,
  renaming: Renaming,
): Gateway {
  const { namespace, selector, existing, serviceAccount } = gateway;
  return {
    ...gateway,
    ...(namespace !== undefined && { namespace: redactName(namespace, renaming) }),
    ...(selector !== undefined && { selector: redactSelector(selector, renaming) }),
    ...(existing !== undefined && { existing: redactName(existing, renaming) }),
    ...(serviceAccount !== undefined && { serviceAccount: redactName(serviceAccount, renaming) }),
  };
}

function redactSelector(
  selector: Readonly<Record<string, string>>,
  renaming: Renaming,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(selector).map(([key, value]) => [
      redactKey(key, undefined, renaming),
      redactText(value, 'name', renaming),
    ]),
  );
}

function redactController(one: ControllerOptions, renaming: Renaming): ControllerOptions {
  const { flags } = one;
  return {
    ...one,
    class: redactName(one.class, renaming),
    gateway: redactGateway(one.gateway, renaming),
    ...(flags !== undefined && { flags: flags.map((flag) => redactArgument(flag, renaming)) }),
  };
}

/** `name`, or `Kind/name`, whose kind everybody has. */
function redactIssuer(issuer: string, renaming: Renaming): string {
  const [, kind = '', name = issuer] = /^((?:Cluster)?Issuer\/)?(.*)$/.exec(issuer) ?? [];
  return kind + redactName(name, renaming);
}

/** `namespace/name:port`; a number says nothing. */
function redactService(service: string, renaming: Renaming): string {
  const colon = service.lastIndexOf(':');
  const port = service.slice(colon + 1);
  const redacted = /^\d+$/.test(port) ? port : redactText(port, 'name', renaming);
  return `${redactName(service.slice(0, colon), renaming)}:${redacted}`;
}
