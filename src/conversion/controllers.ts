import type { Conversion } from './conversion.ts';

/** Which controllers select an Ingress, by its `namespace/name`; none where the input has only one controller. */
export function controllersByIngress({
  controllers = [],
}: Conversion): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { name, ingresses } of controllers) {
    for (const ingress of ingresses) {
      const known = names.get(ingress);
      if (known === undefined) names.set(ingress, [name]);
      else known.push(name);
    }
  }
  return names;
}

/** A line on each controller: its Ingresses, and the gateway that takes over from it. */
export function controllerRows({ controllers = [] }: Conversion): {
  readonly name: string;
  readonly ingresses: number;
  readonly gateway: string;
}[] {
  return controllers.map(({ name, ingresses, gateway, conversion }) => ({
    name,
    ingresses: ingresses.length,
    gateway:
      gateway === undefined
        ? 'none: not converted'
        : conversion === undefined
          ? 'left out'
          : `${gateway.namespace} (${labelsOf(gateway.selector)})`,
  }));
}

function labelsOf(selector: Readonly<Record<string, string>>): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
