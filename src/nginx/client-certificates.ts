import type { Lookup } from './lookup.ts';
import type { ModelIngress, Server } from './model.ts';

/** How nginx asks the clients of a host for certificates. */
export interface ClientCertificates {
  /** The Ingress that says so: the first whose Secret has a CA, canaries among them. */
  readonly owner: ModelIngress;
  /** The Secret with `ca.crt`. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** Whether the Secret has a list of revoked certificates, `ca.crl`. */
  readonly revocations: boolean;
  readonly verify: 'on' | 'off' | 'optional' | 'optional_no_ca';
  readonly depth: number;
  /** '' where nginx answers 400. */
  readonly errorPage: string;
  readonly passes: boolean;
  /** A regular expression that the subject has to hold; undefined for every subject. */
  readonly subject: string | undefined;
}

/**
 * Client certificates of a server (ingress-nginx 1.15.1, annotations/authtls/main.go, controller/controller.go
 * getBackendServers). A Secret without `ca.crt` asks for none. Undefined where none is asked for.
 */
export function clientCertificatesOf(server: Server, lookup: Lookup): ClientCertificates | undefined {
  const known = found.get(server);
  if (known !== undefined) return known === 'none' ? undefined : known;
  const certificates = server.denied === undefined ? find(server.ingresses, lookup) : undefined;
  found.set(server, certificates ?? 'none');
  return certificates;
}

/** Each location of a server asks. */
const found = new WeakMap<Server, ClientCertificates | 'none'>();

function find(ingresses: readonly ModelIngress[], lookup: Lookup): ClientCertificates | undefined {
  for (const owner of ingresses) {
    const reference = owner.annotations.get('auth-tls-secret');
    if (reference === undefined) continue;
    const [namespace = '', name = ''] = String(reference.value).split('/');
    const keys = lookup.secret(`${namespace}/${name}`)?.keys;
    if (keys !== undefined && !keys.includes('ca.crt')) continue;
    const value = (annotation: string) => owner.annotations.get(annotation)?.value;
    const depth = value('auth-tls-verify-depth');
    return {
      owner,
      secret: { namespace, name },
      revocations: keys?.includes('ca.crl') ?? false,
      verify: (value('auth-tls-verify-client') ?? 'on') as ClientCertificates['verify'],
      depth: typeof depth === 'number' && depth !== 0 ? depth : 1,
      errorPage: String(value('auth-tls-error-page') ?? ''),
      passes: value('auth-tls-pass-certificate-to-upstream') === true,
      subject: subjectOf(value('auth-tls-match-cn')),
    };
  }
  return undefined;
}

function subjectOf(value: unknown): string | undefined {
  const text = String(value ?? '');
  return text === '' ? undefined : text;
}
