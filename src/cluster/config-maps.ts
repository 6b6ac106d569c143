import type { Cluster } from '../read/cluster.ts';
import { isLabel, isObjectName } from '../read/names.ts';

/** Flags and annotations of ingress-nginx 1.15.1 whose value is `namespace/name` of a ConfigMap. */
const flag = /^--(?:configmap|tcp-services-configmap|udp-services-configmap)=(.+)$/;
const annotation = /\/(?:custom-headers|auth-proxy-set-headers|fastcgi-params-configmap)$/;
const globalKeys = ['add-headers', 'proxy-set-headers'];

/**
 * The ConfigMaps that the controller or an annotation names, as `namespace/name`, sorted: these are read and no others. What is
 * not the name of an object is left out, since it becomes part of a request.
 */
export function namedConfigMaps({ controllers, ingresses, configMaps }: Cluster): string[] {
  const named = [
    ...controllers.flatMap(({ args }) => args.flatMap((arg) => flag.exec(arg)?.[1] ?? [])),
    ...ingresses.flatMap(({ ref, annotations }) =>
      [...annotations].flatMap(([key, value]) =>
        annotation.test(key) ? [value.includes('/') ? value : `${ref.namespace}/${value}`] : [],
      ),
    ),
    ...configMaps.flatMap(({ data }) => globalKeys.flatMap((key) => data.get(key) ?? [])),
  ];
  return [...new Set(named.map((name) => name.trim()))].filter(isReference).sort();
}

function isReference(text: string): boolean {
  const [namespace = '', name = '', ...more] = text.split('/');
  return more.length === 0 && isLabel(namespace) && isObjectName(name);
}
