import { isIP } from 'node:net';

const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The names that most kinds take (k8s.io/apimachinery, validation.IsDNS1123Subdomain). */
export function isObjectName(name: string): boolean {
  return name.length <= 253 && SUBDOMAIN.test(name);
}

/** The names of namespaces and Services (validation.IsDNS1123Label). */
export function isLabel(name: string): boolean {
  return name.length <= 63 && LABEL.test(name);
}

/** validation.IsValidPortName, without its limit of 15 characters, which API servers did not always keep. */
export function isPortName(name: string): boolean {
  return name.length <= 63 && PORT_NAME.test(name);
}

/** Why Kubernetes refuses a host of an Ingress; undefined for a good one (pkg/apis/networking/validation, validateIngressRules). */
export function whyNotHost(host: string): string | undefined {
  const name = host.startsWith('*.') ? host.slice(2) : host;
  if (isIP(host) !== 0) return 'an address is not allowed, only a name';
  if (name.length <= 253 && SUBDOMAIN.test(name)) return undefined;
  if (name.length > 253) return 'it is longer than 253 characters';
  if (/[${}<>%]/.test(name)) return 'it looks like a placeholder';
  if (name.includes('*')) return 'only one "*" is allowed, as the first part';
  if (/:\d+$/.test(name)) return 'a port is not allowed';
  if (name.includes('/')) return 'it is a URL or contains a path';
  if (SUBDOMAIN.test(name.toLowerCase())) return 'upper-case letters are not allowed';
  return "it contains characters that a DNS name can't have";
}
