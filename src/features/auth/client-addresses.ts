import type { Options } from '../../domain/options.ts';
import type { Origin } from '../../domain/origin.ts';
import type { Lookup } from '../../nginx/lookup.ts';
import type { Step } from '../../plan/step.ts';
import type { Service } from '../../read/cluster.ts';
import { shellWord } from '../../text/shell.ts';

/** What is left to do so that the gateway sees its clients' addresses; undefined where the input shows that it does. */
export function clientAddressStep(
  cluster: Lookup,
  options: Options,
  origins: readonly Origin[],
): Step | undefined {
  const service = gatewayService(cluster, options);
  if (service === undefined) return lookStep(options, origins);
  return service.externalTrafficPolicy === 'Local' ? undefined : keepStep(service, origins);
}

/** The Service through which clients reach the gateway, where the input has it. */
function gatewayService({ cluster: { services } }: Lookup, { gateway }: Options): Service | undefined {
  return services.find(
    ({ ref, type, selector }) =>
      ref.namespace === gateway.namespace &&
      (type === 'LoadBalancer' || type === 'NodePort') &&
      Object.entries(gateway.selector).every(([key, value]) => selector.get(key) === value),
  );
}

function lookStep({ gateway }: Options, origins: readonly Origin[]): Step {
  const selector = Object.entries(gateway.selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  return {
    kind: 'verify',
    key: 'client-address',
    title: "Check that the gateway sees its clients' own addresses, which address lists need",
    commands: [
      `kubectl get service -n ${gateway.namespace} -l '${selector}' -o custom-columns=NAME:.metadata.name,POLICY:.spec.externalTrafficPolicy`,
      '# externalTrafficPolicy: Local keeps the address; behind a load balancer set numTrustedProxies or the PROXY protocol',
    ],
    origins,
  };
}

function keepStep({ ref: { namespace, name } }: Service, origins: readonly Origin[]): Step {
  return {
    kind: 'verify',
    key: 'client-address',
    title: `Keep clients' own addresses in the Service ${namespace}/${name}, which address lists need`,
    commands: [
      `kubectl patch service ${shellWord(name)} -n ${shellWord(namespace)} -p '{"spec":{"externalTrafficPolicy":"Local"}}'`,
      '# Behind a proxy or a load balancer that hides addresses, set numTrustedProxies or the PROXY protocol instead',
    ],
    origins,
  };
}
