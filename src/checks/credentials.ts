import { type Finding, finding, findingType } from '../domain/findings.ts';
import type { SecretSummary } from '../read/cluster.ts';
import { shown } from '../text/shown.ts';
import { type Check, type CheckedObject, type Output, ofKind, some } from './check.ts';
import { bareHost, covers } from './hosts.ts';

interface Args {
  readonly secret: string;
  readonly gateway: string;
}

const missing = findingType<Args>({
  code: 'check/secret-missing',
  severity: 'warning',
  fields: ['certificate', 'connection'],
  summary: "A Gateway names a Secret that is not in the gateway's namespace and that nothing brings there.",
  message: ({ secret, gateway }) =>
    `Gateway ${gateway} takes its certificate from the Secret ${secret}, which is not in the input; without it the gateway resets the connections of its hosts.`,
  remedy: () =>
    'Create the Secret before the cut-over, or add it to the input if it is there; its data is not needed.',
});

const notCovered = findingType<Args & { readonly hosts: string; readonly names: string }>({
  code: 'check/certificate-not-for-host',
  severity: 'warning',
  fields: ['certificate', 'connection'],
  summary: 'The certificate of a host is made out to other names.',
  message: ({ secret, gateway, hosts, names }) =>
    `Gateway ${gateway} shows the certificate of ${secret} for ${hosts}, but it is made out to ${names}; clients refuse it.`,
  remedy: () => 'Have a certificate issued that covers the host.',
});

const noKey = findingType<Args & { readonly keys: string }>({
  code: 'check/secret-without-certificate',
  severity: 'warning',
  fields: ['certificate', 'connection'],
  summary: 'The Secret that a Gateway names contains no certificate.',
  message: ({ secret, gateway, keys }) =>
    `Gateway ${gateway} takes its certificate from the Secret ${secret}, which has ${keys}; Istio needs tls.crt and tls.key (or cert and key).`,
  remedy: () => 'Put the certificate and its key into the Secret under those names.',
});

const unread = findingType<{ readonly count: number; readonly secrets: string }>({
  code: 'check/certificate-unread',
  severity: 'note',
  fields: [],
  summary: 'Certificates could not be read, so it is not known whether they cover their hosts.',
  message: ({ count, secrets }) =>
    count === 1
      ? `The certificate in the Secret ${secrets} could not be read, so it is not known whether it covers its hosts.`
      : `The certificates in ${count} Secrets (${secrets}) could not be read, so it is not known whether they cover their hosts.`,
  remedy: () =>
    'Add the Secrets with their tls.crt to the input to have them checked; private keys are not needed.',
});

/** A `credentialName` is looked up in the namespace of the gateway's pods (istio/FACTS b, m). */
export const credentials: Check = {
  name: 'credentials',
  findings: [missing, notCovered, noKey, unread],
  run(output) {
    const planned = plannedNames(output);
    const sources = sourcesByHost(output);
    const findings: Finding[] = [];
    const reported = new Set<string>();
    const dark = new Set<string>();
    for (const { gateway, name, hosts } of uses(output)) {
      const place = `${output.options.gateway.namespace}/${name}`;
      const source =
        output.lookup.secret(place) ??
        hosts.map((host) => sources.get(host)).find((found) => found !== undefined);
      if (source === undefined) {
        if (!planned.has(name) && !reported.has(place)) {
          reported.add(place);
          findings.push(finding(missing, { secret: place, gateway: gateway.name }, gateway.where));
        }
        continue;
      }
      if (source === 'planned') continue;
      const secret = `${source.ref.namespace}/${source.ref.name}`;
      if (source.certificateNames === undefined) {
        if (lacksCertificate(source)) {
          const keys = source.keys?.length ? some(source.keys.map(shown)) : 'no data';
          findings.push(finding(noKey, { secret, gateway: gateway.name, keys }, gateway.where));
        } else dark.add(secret);
        continue;
      }
      const names = source.certificateNames;
      const open = hosts.filter((host) => host !== '*' && !names.some((each) => covers(each, host)));
      if (open.length > 0) {
        const args = {
          secret,
          gateway: gateway.name,
          hosts: some(open),
          names: some(names.map(shown)) || 'no name',
        };
        findings.push(finding(notCovered, args, gateway.where));
      }
    }
    const secrets = [...dark].sort();
    return secrets.length === 0
      ? findings
      : [...findings, finding(unread, { count: secrets.length, secrets: some(secrets) })];
  },
};

interface Use {
  readonly gateway: CheckedObject<object>;
  readonly name: string;
  readonly hosts: readonly string[];
}

function uses({ gateways }: Output): Use[] {
  return gateways.flatMap((gateway) =>
    gateway.spec.servers.flatMap(({ tls, hosts }) =>
      tls?.credentialName === undefined
        ? []
        : [{ gateway, name: tls.credentialName, hosts: hosts.map(bareHost) }],
    ),
  );
}

/** Names that a step of the cut-over or a Certificate of the output brings to the gateway's namespace. */
function plannedNames({ steps, all, options }: Output): ReadonlySet<string> {
  const certificates = ofKind<{ readonly secretName: string }>(all, 'Certificate');
  return new Set([
    ...certificates
      .filter(({ namespace }) => namespace === options.gateway.namespace)
      .map(({ spec }) => spec.secretName),
    ...steps
      .filter(({ kind }) => kind === 'copy-secret' || kind === 'certificate')
      .flatMap(({ title }) => title.split(/[^a-z0-9.-]+/)),
  ]);
}

/** The Secret that nginx takes the host's certificate from; `planned` where the input does not hold it, which is told with the host. */
function sourcesByHost({ model, lookup }: Output): ReadonlyMap<string, SecretSummary | 'planned'> {
  const sources = new Map<string, SecretSummary | 'planned'>();
  for (const { host, tls } of model.servers) {
    if (tls?.certificate.kind !== 'secret') continue;
    const { namespace, name } = tls.certificate;
    sources.set(host === '' ? '*' : host, lookup.secret(`${namespace}/${name}`) ?? 'planned');
  }
  return sources;
}

function lacksCertificate({ keys }: SecretSummary): boolean {
  if (keys === undefined) return false;
  const has = (...names: readonly string[]) => names.every((name) => keys.includes(name));
  return !has('tls.crt', 'tls.key') && !has('cert', 'key');
}
