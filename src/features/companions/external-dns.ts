import type { Server } from '../../nginx/model.ts';

const domains = ['external-dns.alpha.kubernetes.io/', 'external-dns.kubernetes.io/'];

export function isExternalDns(key: string): boolean {
  return domains.some((domain) => key.startsWith(domain));
}

/**
 * What external-dns reads from a Gateway with its source istio-gateway: names from its servers, and these annotations.
 * Of several Ingresses the oldest says what a host gets.
 */
export function dnsAnnotations({ ingresses }: Server): Readonly<Record<string, string>> {
  const said = new Map<string, string>();
  for (const { ingress, canary } of ingresses) {
    if (canary) continue;
    for (const [key, value] of ingress.annotations) {
      if (isExternalDns(key) && !said.has(key)) said.set(key, value);
    }
  }
  return Object.fromEntries([...said].sort(([a], [b]) => (a < b ? -1 : 1)));
}
