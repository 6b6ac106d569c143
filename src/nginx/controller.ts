import { optionsIn } from '../decode/mappings.ts';
import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { Options } from '../domain/options.ts';
import { type Origin, originOf } from '../domain/origin.ts';
import { isSince } from '../domain/release.ts';
import type { Cluster, ConfigMap } from '../read/cluster.ts';
import { parseBool } from './go-bool.ts';
import type { Controller, ControllerFlags } from './model.ts';
import { releaseFinding, releaseFindingTypes, releaseOf } from './release.ts';
import { namespaceFindingTypes } from './watched-namespaces.ts';

const snippetsAssumed = findingType<object>({
  code: 'controller/snippets-assumed',
  severity: 'note',
  fields: [],
  summary: 'The input has no ConfigMap of the controller, so snippets are treated as allowed.',
  message: () =>
    "The input has no ConfigMap of ingress-nginx, so snippet annotations are treated as allowed. With the controller's defaults, an Ingress that uses one isn't served at all.",
  remedy: () =>
    'Add the ConfigMap to the input or give it with --controller-config; or say --no-assume-snippets.',
});

const unknownFlag = findingType<{ flag: string }>({
  code: 'controller/unread-flag',
  severity: 'note',
  fields: [],
  summary: 'A flag of the controller has no meaning for the conversion.',
  message: ({ flag }) =>
    `The controller's flag ${flag} does not change what Ingresses mean and was not used.`,
  remedy: () => '',
});

export const controllerFindingTypes = [
  snippetsAssumed,
  unknownFlag,
  ...releaseFindingTypes,
  ...namespaceFindingTypes,
];

/** Names that the ConfigMap of the controller has in its Helm chart and in older manifests. */
const usualConfigMaps = [
  'ingress-nginx-controller',
  'nginx-ingress-controller',
  'nginx-configuration',
  'nginx-load-balancer-conf',
];

/**
 * How the controller of this cluster was started and configured: flags from its workload in the input, then those of
 * the user, over the defaults of ingress-nginx 1.15.1 (pkg/flags/flags.go).
 */
export function readController(
  cluster: Cluster,
  options: Options,
): { controller: Controller; tcpServices: ConfigMap | undefined; findings: Finding[] } {
  const findings: Finding[] = [];
  const workload = cluster.controllers[0];
  const arguments_ = parseFlags([...(workload?.args ?? []), ...options.controllerFlags]);
  const namespace = workload?.ref.namespace;
  const release = releaseOf(cluster, workload, options.controllerVersion);
  if (cluster.ingresses.length > 0) findings.push(releaseFinding(release));
  const flags = readFlags(arguments_, release.version);
  const map = findConfigMap(cluster, arguments_.get('configmap'), namespace);
  const known = optionsIn(release.version);
  const written = [...(map?.data ?? [])];
  const config = new Map(written.filter(([key]) => known.has(key)));
  const unread = new Map(written.filter(([key]) => !known.has(key)));
  const usual = (known.get('allow-snippet-annotations')?.default ?? true) === true;
  const assumed = map === undefined && options.assumeSnippets && !usual;
  const snippets = assumed || (parseBool(config.get('allow-snippet-annotations') ?? '') ?? usual);
  if (assumed && usesSnippets(cluster, flags.annotationsPrefix)) {
    findings.push(finding(snippetsAssumed, {}));
  }
  for (const flag of options.controllerFlags) {
    const name = flagName(flag);
    if (name !== undefined && !readNames.has(name))
      findings.push(finding(unknownFlag, { flag: `--${name}` }));
  }
  const configOrigin: Origin | undefined = map === undefined ? undefined : originOf(map.source, 'data');
  return {
    controller: {
      release,
      flags,
      options: known,
      config,
      unread,
      configOrigin,
      snippets,
      snippetsAssumed: assumed,
    },
    tcpServices: findTcpServices(
      cluster,
      arguments_.get('tcp-services-configmap'),
      namespace ?? map?.ref.namespace,
    ),
    findings,
  };
}

const readNames = new Set([
  'ingress-class',
  'controller-class',
  'ingress-class-by-name',
  'watch-ingress-without-class',
  'watch-namespace',
  'watch-namespace-selector',
  'annotations-prefix',
  'default-backend-service',
  'default-ssl-certificate',
  'enable-ssl-passthrough',
  'disable-catch-all',
  'disable-svc-external-name',
  'deep-inspect',
  'enable-annotation-validation',
  'http-port',
  'https-port',
  'configmap',
  'tcp-services-configmap',
  'udp-services-configmap',
]);

function flagName(argument: string): string | undefined {
  return /^--?([a-z][a-z0-9-]*)/.exec(argument.trim())?.[1];
}

/** `--a=b`, `--a b` and a bare `--a`; the last one wins, as with Go's pflag. */
function parseFlags(arguments_: readonly string[]): ReadonlyMap<string, string> {
  const words = arguments_.flatMap((text) => text.split(/\s+(?=--)/)).map((word) => word.trim());
  const flags = new Map<string, string>();
  for (const [index, word] of words.entries()) {
    const parts = /^--?([a-z][a-z0-9-]*)(?:[= ]([\s\S]*))?$/.exec(word);
    if (parts?.[1] === undefined) continue;
    const next = words[index + 1];
    const separate = next !== undefined && !next.startsWith('-') ? next : 'true';
    flags.set(parts[1], parts[2]?.trim() ?? separate);
  }
  return flags;
}

function readFlags(given: ReadonlyMap<string, string>, release: string): ControllerFlags {
  const text = (name: string, fallback: string): string => given.get(name) ?? fallback;
  const bool = (name: string, fallback: boolean): boolean => parseBool(given.get(name) ?? '') ?? fallback;
  const port = (name: string, fallback: number): number => {
    const value = Number(given.get(name));
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  return {
    ingressClass: text('ingress-class', 'nginx'),
    controllerClass: text('controller-class', 'k8s.io/ingress-nginx'),
    ingressClassByName: bool('ingress-class-by-name', false),
    watchIngressWithoutClass: bool('watch-ingress-without-class', false),
    watchNamespace: text('watch-namespace', ''),
    watchNamespaceSelector: text('watch-namespace-selector', ''),
    annotationsPrefix: text('annotations-prefix', 'nginx.ingress.kubernetes.io'),
    defaultBackendService: text('default-backend-service', ''),
    defaultSslCertificate: text('default-ssl-certificate', ''),
    enableSslPassthrough: bool('enable-ssl-passthrough', false),
    disableCatchAll: bool('disable-catch-all', false),
    disableSvcExternalName: bool('disable-svc-external-name', false),
    deepInspect: isSince(release, '1.2.0') && bool('deep-inspect', true),
    // Off by default before 1.12.0, and unknown before 1.9.0 (nginx/VERSIONS 2).
    validatesAnnotations:
      isSince(release, '1.9.0') && bool('enable-annotation-validation', isSince(release, '1.12.0')),
    healthCheckPath: text('health-check-path', '/healthz'),
    httpPort: port('http-port', 80),
    httpsPort: port('https-port', 443),
  };
}

/** `$(POD_NAMESPACE)` stands for the controller's own namespace. */
function byReference(cluster: Cluster, reference: string, own: string | undefined): ConfigMap | undefined {
  const [namespace, name] = reference.split('/');
  const wanted = namespace?.startsWith('$(') ? own : namespace;
  return cluster.configMaps.find(
    (map) => map.ref.name === name && (wanted === undefined || map.ref.namespace === wanted),
  );
}

function findConfigMap(
  cluster: Cluster,
  reference: string | undefined,
  own: string | undefined,
): ConfigMap | undefined {
  if (reference !== undefined) return byReference(cluster, reference, own);
  return cluster.configMaps.find(
    (map) => usualConfigMaps.includes(map.ref.name) && (own === undefined || map.ref.namespace === own),
  );
}

function findTcpServices(
  cluster: Cluster,
  reference: string | undefined,
  own: string | undefined,
): ConfigMap | undefined {
  if (reference !== undefined) return byReference(cluster, reference, own);
  return cluster.configMaps.find(
    (map) =>
      /^(ingress-nginx-|nginx-ingress-)?tcp(-services)?$/.test(map.ref.name) &&
      (own === undefined || map.ref.namespace === own),
  );
}

function usesSnippets(cluster: Cluster, prefix: string): boolean {
  for (const ingress of cluster.ingresses) {
    for (const key of ingress.annotations.keys()) {
      if (key.startsWith(prefix) && key.endsWith('-snippet')) return true;
    }
  }
  return false;
}
