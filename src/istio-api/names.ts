import { createHash } from 'node:crypto';

/**
 * Names of objects and files. A name is the readable text alone only where no other text can give the same; else a hash of the
 * whole original follows. No readable text that ends like a hash is used as it stands, so the two kinds never meet.
 */

/** A DNS-1123 label: what Kubernetes takes for every kind that we write. */
const longestName = 63;
const longestFileName = 200;
const hashEnding = /-[0-9a-f]{8,}$/;

/** A name of at most 63 characters for a host and, if given, the purposes of one of its objects: `shop-example-com-allow-list`. */
export type HostNamer = (host: string, ...purposes: readonly string[]) => string;

/**
 * Names for the objects of hosts, '' being the catch-all. All hosts are told beforehand: those that would share a name
 * (`a-b.c` and `a.b-c`) get a hash each, in whatever order they come.
 * @param suffix what every name ends with, where there are several gateways
 */
export function hostNamer(hosts: Iterable<string>, suffix?: string): HostNamer {
  const labels = distinctLabels(new Set(hosts));
  const taken = new Set(labels.values());
  return (host, ...given) => {
    const purposes = suffix === undefined ? given : [...given, suffix];
    const label = labels.get(host) ?? hashed(readableHost(host), host, 8);
    if (purposes.length === 0) return label;
    const text = `${label}-${purposes.map(readable).join('-')}`;
    const plain =
      text.length <= longestName && purposes.every(isLabel) && !continuesAnother(text, label, taken);
    return plain && purposes.length === 1 ? text : hashed(text, JSON.stringify([host, ...purposes]), 8);
  };
}

/** A name for anything that is not told beforehand, such as a Secret's copy: `shop-tls` for `shop`, `tls`. */
export function objectName(...parts: readonly string[]): string {
  const text = parts.map(readable).join('-');
  // Only the last part may hold dashes, so that the text can be taken apart again in one way.
  const plain = parts.every((part, index) =>
    (index < parts.length - 1 ? /^[a-z0-9]+$/ : /^[a-z0-9-]+$/).test(part),
  );
  return plain && isLabel(text) && !hashEnding.test(text) ? text : hashed(text, JSON.stringify(parts), 8);
}

/**
 * The name of a host's file, without extension: `shop.example.com`, `wildcard.example.com`, `catch-all`. It is a single path
 * segment for every system, whatever the host holds, and differs from every other host's also where case does not count.
 */
export function fileNameOf(host: string): string {
  if (host === '') return 'catch-all';
  const wildcard = host.startsWith('*.');
  const name = wildcard ? `wildcard.${host.slice(2)}` : host;
  const plain =
    fileSafe.test(name) &&
    name.length <= longestFileName &&
    !deviceName.test(name) &&
    !hashEnding.test(name) &&
    (wildcard || !ownFileName.test(name));
  if (plain) return name;
  const text = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return `host-${hashed(text, host, 16)}`;
}

const fileSafe = /^[a-z0-9](?:[a-z0-9-]|\.(?=[a-z0-9]))*$/;
/** Windows opens a device for these, with any extension. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
/** File names that stand for something else, and those that a hashed name begins with. */
const ownFileName = /^(?:wildcard\.|host-|(?:catch-all|kustomization|mesh)$)/;

/** The readable name of each host, with a hash where two would be equal; a longer one where even these are. */
function distinctLabels(hosts: ReadonlySet<string>): Map<string, string> {
  const labels = new Map([...hosts].map((host) => [host, hostLabel(host, 0)]));
  for (let hashLength = 8; hashLength <= 32; hashLength += 8) {
    const seen = new Set<string>();
    const shared = new Set<string>();
    for (const label of labels.values()) (seen.has(label) ? shared : seen).add(label);
    if (shared.size === 0) break;
    for (const [host, label] of labels) {
      if (shared.has(label)) labels.set(host, hostLabel(host, hashLength));
    }
  }
  return labels;
}

function hostLabel(host: string, hashLength: number): string {
  const text = readableHost(host);
  const plain =
    /^(?:\*|[a-z0-9-]+)(?:\.[a-z0-9-]+)*$|^$/.test(host) && isLabel(text) && !hashEnding.test(text);
  return plain && hashLength === 0 ? text : hashed(text, host, Math.max(hashLength, 8));
}

function readableHost(host: string): string {
  return host === '' ? 'catch-all' : readable(host.replace(/^\*(?=\.|$)/, 'wildcard'));
}

/** True where `text` can also be read as the name of another host with a shorter purpose. */
function continuesAnother(text: string, label: string, taken: ReadonlySet<string>): boolean {
  if (hashEnding.test(text) || taken.has(text)) return true;
  for (let end = text.indexOf('-', label.length + 1); end !== -1; end = text.indexOf('-', end + 1)) {
    if (taken.has(text.slice(0, end))) return true;
  }
  return false;
}

function isLabel(text: string): boolean {
  return text.length <= longestName && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

function readable(text: string): string {
  return text
    .slice(0, 2 * longestName)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, (run) => (run.includes('-') ? run.replace(/[^-]+/g, '-') : '-'))
    .replace(/^-+|-+$/g, '');
}

function hashed(text: string, original: string, length: number): string {
  const hash = createHash('sha256').update(original).digest('hex').slice(0, length);
  const head = text.slice(0, longestName - length - 1).replace(/^-+|-+$/g, '');
  return head === '' ? `x-${hash}` : `${head}-${hash}`;
}
