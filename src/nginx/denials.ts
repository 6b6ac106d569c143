import type { KnownAnnotation } from '../decode/annotation.ts';
import { parseBool } from './go-bool.ts';
import type { Lookup } from './lookup.ts';
import type { Controller, Denial, ModelIngress } from './model.ts';

/**
 * Why all locations of an Ingress answer 503: an annotation that the controller cannot make sense of denies them
 * (ingress-nginx 1.15.1, annotations/annotations.go Extract, `Denied`). Undefined where they are served.
 */
export function ingressDenial(
  owner: ModelIngress,
  lookup: Lookup,
  controller: Controller,
): Denial | undefined {
  const refused = refusedValue(owner, 'location-denied');
  if (refused !== undefined) return refused;
  for (const check of [basicAuth, externalAuth, customHeaders, proxySslSecret, clientCertificate]) {
    const denial = check(owner, lookup, controller);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

/** Client-certificate settings that cannot be used close the whole host with 403 (scenario auth-tls). */
export function serverDenial(
  ingresses: readonly ModelIngress[],
  lookup: Lookup,
  controller: Controller,
): Denial | undefined {
  for (const ingress of ingresses) {
    const denial = refusedValue(ingress, 'host-denied') ?? clientCertificate(ingress, lookup, controller);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function refusedValue(
  owner: ModelIngress,
  consequence: 'location-denied' | 'host-denied',
): Denial | undefined {
  for (const annotation of owner.refused) {
    if (annotation.problem?.consequence === consequence) {
      return {
        reason: `the value of ${annotation.mapping.name} is not valid: ${annotation.problem.reason}`,
        origin: annotation.origin,
      };
    }
  }
  return undefined;
}

type Check = (owner: ModelIngress, lookup: Lookup, controller: Controller) => Denial | undefined;

/** ingress-nginx 1.15.1, annotations/auth/main.go Parse. */
const basicAuth: Check = (owner, lookup, controller) => {
  const type = owner.annotations.get('auth-type');
  if (type === undefined) return undefined;
  const secret = owner.annotations.get('auth-secret');
  if (secret === undefined) return { reason: 'auth-type is set and auth-secret is not', origin: type.origin };
  const found = referenced(secret, owner, controller, true);
  if ('reason' in found) return found;
  const summary = lookup.secret(found.name);
  if (summary === undefined)
    return { reason: `the Secret ${found.name} is not in the input`, origin: secret.origin };
  const kind = owner.annotations.get('auth-secret-type');
  if (kind !== undefined && kind.value !== 'auth-file' && kind.value !== 'auth-map')
    return { reason: 'auth-secret-type is neither auth-file nor auth-map', origin: kind.origin };
  const asFile = kind?.value !== 'auth-map';
  if (asFile && summary.keys !== undefined && !summary.keys.includes('auth')) {
    return { reason: `the Secret ${found.name} has no key auth`, origin: secret.origin };
  }
  return undefined;
};

/** ingress-nginx 1.15.1, annotations/authreq/main.go Parse and annotations/parser/main.go StringToURL. */
const externalAuth: Check = (owner, lookup, controller) => {
  const url = owner.annotations.get('auth-url');
  if (url === undefined) return undefined;
  if (!isAuthUrl(String(url.value)))
    return { reason: 'auth-url is not a URL with scheme and host', origin: url.origin };
  const headers = owner.annotations.get('auth-proxy-set-headers');
  if (headers === undefined) return undefined;
  const found = referenced(headers, owner, controller, true);
  if ('reason' in found) return found;
  return lookup.configMap(String(headers.value)) === undefined
    ? { reason: `the ConfigMap ${String(headers.value)} is not in the input`, origin: headers.origin }
    : undefined;
};

export function isAuthUrl(text: string): boolean {
  const parts = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]*)/.exec(text);
  return parts?.[2] !== undefined && parts[2] !== '' && !parts[2].includes('..');
}

/** ingress-nginx 1.15.1, annotations/customheaders/main.go Parse (scenario custom-headers). */
const customHeaders: Check = (owner, lookup, controller) => {
  const reference = owner.annotations.get('custom-headers');
  if (reference === undefined) return undefined;
  const name = String(reference.value);
  const map = lookup.configMap(name);
  if (map === undefined)
    return { reason: `the ConfigMap ${name} is not in the input`, origin: reference.origin };
  const allowed = (controller.config.get('global-allowed-response-headers') ?? '')
    .split(',')
    .map((header) => header.trim());
  for (const [header, value] of [...map.data].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!/^[a-zA-Z\d\-_]+$/.test(header))
      return {
        reason: `${JSON.stringify(header)} in the ConfigMap ${name} is not a header name`,
        origin: reference.origin,
      };
    if (!/^[a-zA-Z\d_ :;.,\\/"'?!(){}[\]@<>=\-+*#$&`|~^%]*$/.test(value))
      return {
        reason: `the value of ${header} in the ConfigMap ${name} has characters that the controller refuses`,
        origin: reference.origin,
      };
    if (!allowed.includes(header))
      return {
        reason: `the header ${header} is not in global-allowed-response-headers`,
        origin: reference.origin,
      };
  }
  return undefined;
};

/** ingress-nginx 1.15.1, annotations/proxyssl/main.go Parse. */
const proxySslSecret: Check = (owner, lookup, controller) =>
  certificateSecret('proxy-ssl-secret', owner, lookup, controller);

/** ingress-nginx 1.15.1, annotations/authtls/main.go Parse. */
const clientCertificate: Check = (owner, lookup, controller) =>
  certificateSecret('auth-tls-secret', owner, lookup, controller);

function certificateSecret(
  name: string,
  owner: ModelIngress,
  lookup: Lookup,
  controller: Controller,
): Denial | undefined {
  const reference = owner.annotations.get(name);
  if (reference === undefined) return undefined;
  const found = referenced(reference, owner, controller, false);
  if ('reason' in found) return found;
  const secret = lookup.secret(found.name);
  if (secret === undefined)
    return { reason: `the Secret ${found.name} is not in the input`, origin: reference.origin };
  if (secret.brokenCertificate)
    return { reason: `the certificate in the Secret ${found.name} cannot be read`, origin: reference.origin };
  const { keys } = secret;
  // ingress-nginx 1.15.1, controller/store/backend_ssl.go getPemCertificate.
  const usable =
    keys === undefined || keys.includes('ca.crt') || (keys.includes('tls.crt') && keys.includes('tls.key'));
  return usable
    ? undefined
    : {
        reason: `the Secret ${found.name} has neither a certificate with its key nor ca.crt`,
        origin: reference.origin,
      };
}

/** Resolves `namespace/name` or, where a bare name is taken, `name`; another namespace needs allow-cross-namespace-resources. */
function referenced(
  annotation: KnownAnnotation,
  owner: ModelIngress,
  controller: Controller,
  bareName: boolean,
): { name: string } | Denial {
  const text = String(annotation.value);
  const own = owner.ingress.ref.namespace;
  const parts = text.split('/');
  const refuse = (reason: string): Denial => ({
    reason: `${annotation.mapping.name} ${reason}`,
    origin: annotation.origin,
  });
  if (parts.length > 2 || (parts.length === 1 && !bareName))
    return refuse('is not of the form namespace/name');
  const namespace = parts.length === 2 ? parts[0]! : own;
  if (namespace !== own && !allowsCrossNamespace(controller)) {
    const denial = refuse(`names the namespace ${namespace}, and allow-cross-namespace-resources is not on`);
    return { ...denial, unsure: isDecidedByRelease(controller) };
  }
  return { name: `${namespace}/${parts.at(-1)}` };
}

/** Nothing shows which release runs, nor did anybody set the option: before 1.12 it is on. */
function isDecidedByRelease({ release, config }: Controller): boolean {
  return release.known === 'assumed' && !config.has('allow-cross-namespace-resources');
}

function allowsCrossNamespace({ config, options }: Controller): boolean {
  const written = parseBool(config.get('allow-cross-namespace-resources')?.trim() ?? '');
  return written ?? options.get('allow-cross-namespace-resources')?.default !== false;
}
