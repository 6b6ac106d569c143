import { type Options, ownCertificate } from '../../domain/options.ts';
import type { ModelIngress, NginxModel } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';

/**
 * The options with the default certificate that the gateway has anyway: the controller's own, or the one that a host needs which
 * uses HTTPS and for which nginx shows its default certificate. nginx shows it for all other hosts, too, so the gateway does the
 * same.
 */
export function withDefaultCertificate(
  options: Options,
  { controller, servers }: NginxModel,
  settings: Settings,
): Options {
  if (options.defaultCertificate !== undefined) return options;
  const { defaultSslCertificate } = controller.flags;
  if (defaultSslCertificate !== '') return { ...options, defaultCertificate: defaultSslCertificate };
  const needed =
    setsHsts(settings) ||
    servers.some(
      ({ tls, ingresses }) =>
        tls?.certificate.kind === 'default' ||
        (tls === undefined && ingresses.some((ingress) => usesHttps(ingress, settings))),
    );
  return needed ? { ...options, defaultCertificate: ownCertificate } : options;
}

/** Whether the ConfigMap sets Strict-Transport-Security: whoever does that serves clients over HTTPS. */
function setsHsts(settings: Settings): boolean {
  const off = settings.global('hsts')?.trim() === 'false';
  return !off && hstsOptions.some((key) => settings.global(key) !== undefined);
}

const hstsOptions = ['hsts', 'hsts-max-age', 'hsts-include-subdomains', 'hsts-preload'];

/** Whether an Ingress without a certificate sends its clients to HTTPS, or wants certificates of theirs. */
function usesHttps(ingress: ModelIngress, settings: Settings): boolean {
  return (
    settings.of(ingress, 'force-ssl-redirect')?.value === true || ingress.annotations.has('auth-tls-secret')
  );
}
