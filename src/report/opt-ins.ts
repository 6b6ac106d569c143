import { defaultOptions, type Options } from '../domain/options.ts';

/** Flags that differ from the defaults and change behaviour, as they would be written on a command line. */
export function optInsOf(options: Options): string[] {
  const { mesh } = options;
  return [
    ...(options.envoyFilters === 'allow' ? ['--envoy-filters allow'] : []),
    ...(options.forwardedHeaders ? [] : ['--no-forwarded-headers']),
    ...(options.inlineSecrets ? ['--inline-secrets'] : []),
    ...(options.corsOnEveryResponse ? [] : ['--no-cors-on-every-response']),
    ...(options.tls === defaultOptions.tls ? [] : [`--tls ${options.tls}`]),
    ...(options.defaultCertificate === undefined
      ? []
      : [`--default-certificate ${options.defaultCertificate}`]),
    ...(options.extAuthProvider === undefined ? [] : [`--ext-auth-provider ${options.extAuthProvider}`]),
    ...(mesh.pathNormalization === defaultOptions.mesh.pathNormalization
      ? []
      : [`--path-normalization ${mesh.pathNormalization}`]),
    ...(mesh.numTrustedProxies === 0 ? [] : [`--trusted-proxies ${mesh.numTrustedProxies}`]),
  ];
}
