import { type Finding, finding, findingType } from '../../domain/findings.ts';
import { type Options, ownCertificate } from '../../domain/options.ts';
import { objectName } from '../../istio-api/names.ts';
import type { Server, ServerTls } from '../../nginx/model.ts';
import type { Effect } from '../../plan/effect.ts';
import type { Step } from '../../plan/step.ts';
import { shellWord } from '../../text/shell.ts';
import { writesCertificate } from '../companions/cert-manager.ts';
import type { Feature } from '../feature.ts';

const httpsLost = findingType<{ host: string }>({
  code: 'tls/https-lost',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location', 'connection', 'certificate'],
  summary:
    'A host without a certificate is served over HTTP only; ingress-nginx also serves it over HTTPS with its default certificate.',
  gateway: {
    question: 'Are hosts without a certificate served over HTTPS?',
    applied: 'They are served over HTTP only.',
    recommended:
      'Keep it: ingress-nginx serves them with a default certificate that no client accepts. If clients do use HTTPS, name a certificate.',
    flags: '',
  },
  message: ({ host }) =>
    `ingress-nginx also serves ${host} over HTTPS, with its default certificate. The gateway serves it over HTTP only.`,
  remedy: () =>
    "If clients use HTTPS, name a certificate in the gateway's namespace with --default-certificate, or add a tls entry to the Ingress.",
});

const defaultCertificate = findingType<{ host: string; reason: string; secret: string }>({
  code: 'tls/default-certificate',
  severity: 'note',
  fields: ['certificate'],
  summary: 'ingress-nginx uses its default certificate for a host with a tls entry.',
  message: ({ host, reason, secret }) =>
    `ingress-nginx uses its default certificate for ${host}, because ${reason}. The gateway uses the one in the Secret ${secret}, which a step of the report creates.`,
  remedy: () =>
    'Usually no action is needed. If clients have to trust the host, give the tls entry a Secret whose certificate covers it.',
});

const secretUnseen = findingType<{ host: string; secret: string }>({
  code: 'tls/secret-unseen',
  severity: 'warning',
  fields: ['certificate'],
  summary: 'The Secret of a tls entry is not in the input.',
  message: ({ host, secret }) =>
    `The Secret ${secret} for ${host} isn't in the input. If it doesn't exist, or its certificate doesn't cover the host, ingress-nginx shows its default certificate. The step that copies the Secret creates such a certificate where the Secret doesn't exist.`,
  remedy: () =>
    'Add the Secrets to the input, without their data if you like, to see which certificates cover their hosts.',
});

const noSecrets = findingType<{ host: string; secret: string }>({
  code: 'tls/no-secrets',
  severity: 'note',
  fields: ['certificate'],
  summary: "The input has no Secrets, so it isn't known which certificates exist and cover their hosts.",
  message: ({ host, secret }) =>
    `The input has no Secrets. If ${secret} doesn't exist, or its certificate doesn't cover ${host}, ingress-nginx uses its default certificate. The step that copies the Secret creates such a certificate if the Secret doesn't exist.`,
  remedy: () => 'To check the certificates, add the Secrets to the input, without their data if you like.',
});

/** Certificates: which one a host has, where Istio finds it, and what has to be copied there. */
export const tls: Feature = {
  name: 'tls',
  findings: [httpsLost, defaultCertificate, secretUnseen, noSecrets],
  server(server, context) {
    const { options, model } = context;
    const effects: Effect[] = [];
    const findings: Finding[] = [];
    const credential = credentialOf(server, options, model.controller.flags.defaultSslCertificate);
    const scope = { kind: 'host' as const, host: server.host, tls: true as const };
    if (credential === undefined) {
      const host = server.host === '' ? 'every other host' : server.host;
      findings.push(finding(httpsLost, { host }, { origin: server.owner.ingress.rules[0]?.origin, scope }));
      return { effects, claims: [], findings };
    }
    effects.push({ kind: 'gateway', tls: { mode: 'SIMPLE', credentialName: credential.name } });
    if (credential.copy !== undefined && !writesCertificate(server, context))
      effects.push({ kind: 'step', step: copyStep(credential.copy, credential.name, server, options) });
    if (credential.made === true)
      effects.push({ kind: 'step', step: makeStep(credential.name, server, options) });
    const certificate = server.tls?.certificate;
    if (server.tls !== undefined && certificate?.kind === 'default') {
      const args = { host: server.host, reason: certificate.reason, secret: credential.name };
      findings.push(finding(defaultCertificate, args, { origin: server.tls.origin, scope }));
    }
    if (server.tls !== undefined && certificate?.kind === 'secret' && !server.tls.secretFound) {
      const secret = `${certificate.namespace}/${certificate.name}`;
      const type = context.cluster.cluster.secrets.length === 0 ? noSecrets : secretUnseen;
      findings.push(finding(type, { host: server.host, secret }, { origin: server.tls.origin, scope }));
    }
    return { effects, claims: [], findings };
  },
};

/** The certificate of a host on the gateway. */
export interface Credential {
  /** Name of the Secret in the gateway's namespace. */
  readonly name: string;
  /** True for a certificate that has to be made, since nginx makes its own at every start. */
  readonly made?: boolean;
  readonly copy:
    | { readonly namespace: string; readonly name: string; readonly tls: ServerTls | undefined }
    | undefined;
}

/**
 * `credentialName` is looked up in the namespace of the gateway's pods alone (istio/FACTS b), so Secrets of others are
 * copied there. A host with a `tls` entry keeps HTTPS even where nginx falls back to its default certificate.
 */
export function credentialOf(
  server: Server,
  options: Options,
  controllerDefault: string,
): Credential | undefined {
  const certificate = server.tls?.certificate;
  if (certificate?.kind === 'secret')
    return placed(certificate.namespace, certificate.name, options, server.tls);
  // Where nobody chose another one, that of the controller's --default-ssl-certificate counts before one of our making.
  const own = options.defaultCertificate === ownCertificate ? undefined : options.defaultCertificate;
  const chosen = own ?? (controllerDefault === '' ? options.defaultCertificate : controllerDefault);
  if (chosen === undefined)
    return server.tls === undefined ? undefined : { name: ownCertificate, copy: undefined, made: true };
  const [namespace, name] = chosen.split('/');
  if (name !== undefined && name !== '' && namespace !== undefined && namespace !== '')
    return placed(namespace, name, options, undefined);
  return { name: chosen, copy: undefined, made: chosen === ownCertificate };
}

function placed(namespace: string, name: string, options: Options, tls_: ServerTls | undefined): Credential {
  if (namespace === options.gateway.namespace) return { name, copy: undefined };
  return { name: copyName(namespace, name), copy: { namespace, name, tls: tls_ } };
}

/** Secrets of one name in several namespaces must not meet in the gateway's, so that of the namespace goes in front. */
export function copyName(namespace: string, name: string): string {
  return objectName(namespace, name);
}

/** How to copy a Secret without its data passing through this tool. */
export function copyStep(
  secret: { readonly namespace: string; readonly name: string; readonly tls: ServerTls | undefined },
  name: string,
  server: Server,
  options: Options,
): Step {
  const target = options.gateway.namespace;
  const get = `kubectl get secret ${shellWord(secret.name)} -n ${shellWord(secret.namespace)}`;
  const copy = `${get} -o json | jq 'del(.metadata) | .metadata = {name: "${name}", namespace: "${target}"}' | kubectl apply -f -`;
  const unseen = secret.tls?.secretFound === false;
  return {
    kind: 'copy-secret',
    key: `copy-secret ${secret.namespace}/${secret.name}`,
    title: `Copy the Secret ${secret.namespace}/${secret.name} to ${target}/${name}${unseen ? ', or create a default certificate there' : ''}`,
    commands: unseen
      ? [`if ${get} > /dev/null; then ${copy}; else ${defaultCommands(name, target).join(' && ')}; fi`]
      : [copy],
    origins: [secret.tls?.origin ?? server.locations[0]!.origin],
    secret: {
      from: { namespace: secret.namespace, name: secret.name },
      to: { namespace: target, name },
      ...(unseen && { orDefault: true as const }),
    },
  };
}

/** nginx signs a certificate for itself at every start; the gateway needs one that stays. */
export function makeStep(name: string, server: Server, options: Options): Step {
  const target = options.gateway.namespace;
  return {
    kind: 'certificate',
    key: `certificate ${name}`,
    title: `Create the default certificate ${target}/${name}`,
    commands: defaultCommands(name, target),
    origins: [server.tls?.origin ?? server.locations[0]!.origin],
  };
}

function defaultCommands(name: string, namespace: string): string[] {
  return [
    "openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj '/CN=ingress.local' -addext 'subjectAltName=DNS:ingress.local' -keyout default.key -out default.crt",
    `kubectl create secret tls ${name} -n ${namespace} --cert=default.crt --key=default.key`,
  ];
}
