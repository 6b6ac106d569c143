import { type Finding, finding, findingType } from '../../domain/findings.ts';
import { inside, type Origin } from '../../domain/origin.ts';
import { gatewayCiphers } from '../../istio-api/cipher-suites.ts';
import type { ServerTlsSettings } from '../../istio-api/types.ts';
import type { Server } from '../../nginx/model.ts';
import { type Claim, nothing } from '../../plan/result.ts';
import { claimAll } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';

const ciphersLost = findingType<{ host: string; lost: readonly string[]; kept: number }>({
  code: 'cipher/not-known',
  severity: 'warning',
  fields: ['connection'],
  summary: 'Some ciphers have no counterpart in Envoy.',
  message: ({ host, lost, kept }) =>
    `Envoy has no ${lost.join(', ')}${kept === 0 ? `; ${host} keeps the ciphers of Istio.` : `, so ${host} goes without.`}`,
  remedy: () =>
    "Name the suites one by one where the list has keywords; check whether old clients depend on a suite that's missing.",
  url: 'https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings',
});

const versionsBetween = findingType<{ versions: string }>({
  code: 'cipher/versions-between',
  severity: 'warning',
  fields: ['connection'],
  summary: 'A version of TLS between two others cannot be left out.',
  message: ({ versions }) =>
    `ssl-protocols is ${versions}; a Gateway allows all versions from the oldest to the newest of them.`,
  remedy: () => 'Nothing, unless the version in between was left out on purpose.',
});

const versions: readonly (readonly [string, string])[] = [
  ['TLSv1', 'TLSV1_0'],
  ['TLSv1.1', 'TLSV1_1'],
  ['TLSv1.2', 'TLSV1_2'],
  ['TLSv1.3', 'TLSV1_3'],
];

const names = ['ssl-ciphers'];

/**
 * Ciphers and versions of TLS (ingress-nginx 1.15.1, annotations/sslcipher, template/nginx.tmpl). Nothing is written where
 * nobody set them: the defaults of the two are alike, but for DHE.
 */
export const cipher: Feature = {
  name: 'cipher',
  findings: [ciphersLost, versionsBetween],
  server(server, context) {
    const chosen = ciphersOf(server, context);
    const range = versionsOf(context);
    const claims: Claim[] = server.ingresses
      .filter(({ annotations }) => annotations.get('ssl-ciphers') !== chosen?.annotation)
      .flatMap((ingress) =>
        claimAll(ingress, names, 'no-effect-today', {
          reason: 'The first Ingress of the host that names ciphers decides.',
        }),
      );
    if (chosen === undefined && range === undefined) return { ...nothing, claims };
    const findings: Finding[] = [...(range?.findings ?? [])];
    const { kept, lost } = split(chosen?.list ?? '');
    if (lost.length > 0) {
      const scope = { kind: 'host' as const, host: server.host, tls: true as const };
      const args = { host: server.host, lost, kept: kept.length };
      findings.push(finding(ciphersLost, args, { origin: chosen?.origin, scope }));
    }
    const tls: Partial<ServerTlsSettings> = {
      ...range?.tls,
      ...(kept.length > 0 && { cipherSuites: kept }),
    };
    const owner = server.ingresses.find(
      ({ annotations }) => annotations.get('ssl-ciphers') === chosen?.annotation,
    );
    return {
      effects: Object.keys(tls).length > 0 ? [{ kind: 'gateway', tls }] : [],
      claims: [
        ...claims,
        ...(chosen?.annotation && owner
          ? claimAll(owner, names, kept.length > 0 ? 'converted' : 'manual', {
              ...(lost.length > 0 && { fidelity: 'approximate' as const }),
              ...(kept.length === 0 && { reason: 'No suite of the list is known to Envoy.' }),
            })
          : []),
      ],
      findings,
    };
  },
};

/** The list of a host: of its first Ingress that has one, else the global one. */
function ciphersOf(server: Server, { settings, model }: Context) {
  for (const { annotations } of server.ingresses) {
    const annotation = annotations.get('ssl-ciphers');
    if (annotation !== undefined)
      return { list: String(annotation.value), origin: annotation.origin as Origin | undefined, annotation };
  }
  const list = settings.global('ssl-ciphers');
  const { configOrigin } = model.controller;
  return list === undefined
    ? undefined
    : { list, origin: configOrigin && inside(configOrigin, 'ssl-ciphers'), annotation: undefined };
}

/** Exclusions of what is not in the list anyway change nothing; suites of TLS 1.3 are not chosen by either. */
function split(list: string): { kept: readonly string[]; lost: readonly string[] } {
  const entries = list
    .split(/[:, ]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && !/^[!-]/.test(entry) && !/^(?:@|TLS_)/.test(entry));
  const unique = [...new Set(entries)];
  return {
    kept: unique.filter((entry) => gatewayCiphers.has(entry)),
    lost: unique.filter((entry) => !gatewayCiphers.has(entry)),
  };
}

function versionsOf({ settings, model }: Context) {
  const written = settings.global('ssl-protocols');
  if (written === undefined) return undefined;
  const words = written.trim().split(/\s+/);
  const chosen = versions.map(([name]) => words.includes(name));
  const first = chosen.indexOf(true);
  const last = chosen.lastIndexOf(true);
  if (first < 0) return undefined;
  const { configOrigin } = model.controller;
  const where = {
    origin: configOrigin && inside(configOrigin, 'ssl-protocols'),
    scope: { kind: 'platform' as const },
  };
  return {
    tls: { minProtocolVersion: versions[first]![1], maxProtocolVersion: versions[last]![1] },
    findings: chosen.slice(first, last).includes(false)
      ? [finding(versionsBetween, { versions: written.trim() }, where)]
      : [],
  };
}
