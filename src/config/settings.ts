import { defaultOptions, type GivenOptions, withParity } from '../domain/options.ts';

/** The config file that is read where no other is named. */
export const usualConfigFile = 'ingress2istio.yaml';

/** Values by the key of `choices.ts`, checked, from one place: the config file or the command line. */
export type Layer = ReadonlyMap<string, unknown>;

/** What a run does: the options of the conversion, and what the command needs beside them. */
export interface RunSettings {
  readonly options: GivenOptions;
  /** File with the controller's ConfigMap. */
  readonly controllerConfig: string | undefined;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  /** Whether objects say in comments what they come from. */
  readonly comments: boolean;
}

/**
 * Later layers win. The last word on `parity` counts, before the other keys of its own layer: `--parity` beats the
 * config file, `--parity --envoy-filters deny` still denies, `--no-parity` takes back that of the file.
 */
export function resolveSettings(...layers: readonly Layer[]): RunSettings {
  const decisive = layers.findLast((layer) => layer.has('parity'));
  let settings: RunSettings = {
    options: { ...defaultOptions, istioVersion: undefined },
    controllerConfig: undefined,
    failOn: 'error',
    comments: true,
  };
  for (const layer of layers) {
    const parity = layer === decisive && layer.get('parity') === true;
    settings = withLayer(parity ? { ...settings, options: withParity(settings.options) } : settings, layer);
  }
  return settings;
}

function withLayer(base: RunSettings, layer: Layer): RunSettings {
  const { options } = base;
  const pick = <Value>(key: string, otherwise: Value): Value =>
    layer.has(key) ? (layer.get(key) as Value) : otherwise;
  const { gateway, mesh } = options;
  const given = (key: 'controllers' | 'controller') =>
    layer.has(key) ? { [key]: layer.get(key) } : key in options ? { [key]: options[key] } : {};
  return {
    options: {
      gateway: {
        namespace: pick('gateway.namespace', gateway.namespace),
        selector: pick('gateway.selector', gateway.selector),
        existing: pick('gateway.existing', gateway.existing),
        httpPort: pick('gateway.httpPort', gateway.httpPort),
        httpsPort: pick('gateway.httpsPort', gateway.httpsPort),
        serviceAccount: pick('gateway.serviceAccount', gateway.serviceAccount),
      },
      ...given('controllers'),
      ...given('controller'),
      namespace: pick('namespace', options.namespace),
      clusterDomain: pick('clusterDomain', options.clusterDomain),
      apiVersion: pick('apiVersion', options.apiVersion),
      istioVersion: pick('istioVersion', options.istioVersion),
      tls: pick('tls', options.tls),
      defaultIssuer: pick('defaultIssuer', options.defaultIssuer),
      defaultCertificate: pick('defaultCertificate', options.defaultCertificate),
      envoyFilters: pick('envoyFilters', options.envoyFilters),
      forwardedHeaders: pick('forwardedHeaders', options.forwardedHeaders),
      inlineSecrets: pick('inlineSecrets', options.inlineSecrets),
      extAuthProvider: pick('extAuthProvider', options.extAuthProvider),
      corsOnEveryResponse: pick('corsOnEveryResponse', options.corsOnEveryResponse),
      mesh: {
        pathNormalization: pick('mesh.pathNormalization', mesh.pathNormalization),
        numTrustedProxies: pick('mesh.numTrustedProxies', mesh.numTrustedProxies),
      },
      assumeSnippets: pick('assumeSnippets', options.assumeSnippets),
      controllerVersion: pick('controllerVersion', options.controllerVersion),
      controllerFlags: pick('controllerFlags', options.controllerFlags),
      extras: pick('extras', options.extras),
      tcpSplits: pick('tcpSplits', options.tcpSplits),
    },
    controllerConfig: pick('controllerConfig', base.controllerConfig),
    failOn: pick('failOn', base.failOn),
    comments: pick('comments', base.comments),
  };
}
