import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversion } from '../../src/conversion/conversion.ts';
import { defaultOptions, type Options, ownCertificate, withParity } from '../../src/domain/options.ts';
import { toYaml } from '../../src/emit/yaml.ts';
import { copyName } from '../../src/features/tls/tls.ts';
import type { IstioObject } from '../../src/istio-api/objects.ts';
import { convert } from '../../src/pipeline.ts';
import { readTexts } from '../../src/read/index.ts';
import type { GatewayFiles } from './gateway.ts';
import { asRecorded } from './lab.ts';
import type { Profile } from './profile.ts';
import type { KubernetesObject, Scenario } from './scenario.ts';

/** What the options of a conversion say of the controller that was recorded. */
export type Recorded = Pick<Options, 'controllerVersion' | 'assumeSnippets'> &
  Partial<Pick<Options, 'istioVersion' | 'extras'>>;

/** The recordings beside the scenarios: the newest release, which allowed snippets unless the folder's ConfigMap says otherwise. */
export const besideScenarios: Recorded = { controllerVersion: '1.15.1', assumeSnippets: true };

/** That of the gateway which `istioctl install` makes. */
const serviceAccount = 'istio-ingressgateway-service-account';

/** Converts a scenario as the command does. */
export function convertScenario(
  scenario: Pick<Scenario, 'input' | 'flags'>,
  profile: Profile,
  recorded: Recorded = besideScenarios,
): Conversion {
  const gateway = { ...defaultOptions.gateway, serviceAccount };
  const options: Options = { ...defaultOptions, ...recorded, gateway, controllerFlags: scenario.flags };
  const read = readTexts([{ file: 'input.yaml', text: scenario.input }]);
  const cluster = recorded.assumeSnippets ? asRecorded(read) : read;
  return convert(cluster, profile === 'parity' ? withParity(options) : options);
}

/** All objects of a conversion, with what Istio adds. */
export function allObjects({ objects, extras = [] }: Conversion): IstioObject[] {
  return [...objects, ...extras].map(({ object }) => object);
}

/** Writes what the gateway reads: our objects, the Services and Secrets of the cluster, and the mesh settings we ask for. */
export function writeGatewayFiles(
  objects: readonly IstioObject[],
  cluster: readonly KubernetesObject[],
  folder: string,
): GatewayFiles {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, text: string) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const mesh = objects.filter(({ kind }) => kind === 'MeshConfig').map(({ spec }) => spec);
  const istio = objects.filter(
    ({ kind, apiVersion }) => kind !== 'MeshConfig' && /\.istio\.io\//.test(apiVersion),
  );
  const items = cluster.filter(({ kind }) => kind === 'Service' || kind === 'Secret' || kind === 'Namespace');
  return {
    istio: [write('istio.yaml', toYaml(istio))],
    kubernetes: [write('kubernetes.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))],
    ...(mesh.length === 0 ? {} : { mesh: write('mesh.json', JSON.stringify(Object.assign({}, ...mesh))) }),
  };
}

/** What cert-manager makes of the Certificates that are written: the certificate that it makes for the same names today. */
function issuedSecrets({ objects, model }: Conversion): Conversion['secretCopies'] {
  const names = new Map(
    objects.flatMap(({ object: { kind, metadata } }) =>
      kind === 'Certificate' ? [[metadata.name, metadata.namespace] as const] : [],
    ),
  );
  const copies = model.servers.flatMap(({ tls }) => {
    if (tls?.certificate.kind !== 'secret') return [];
    const { namespace, name } = tls.certificate;
    const to = { namespace: names.get(copyName(namespace, name)) ?? '', name: copyName(namespace, name) };
    return names.has(to.name) ? [{ from: { namespace, name }, to, orDefault: true as const }] : [];
  });
  return [...new Map(copies.map((copy) => [copy.to.name, copy])).values()];
}

/** Carries out the planned copies of Secrets to the gateway's namespace. A copy whose original is missing is left out, unless its step makes a certificate then. */
export function secretCopies(
  conversion: Conversion,
  cluster: readonly KubernetesObject[],
): KubernetesObject[] {
  return [...conversion.secretCopies, ...issuedSecrets(conversion)].flatMap(
    ({ from, to, keys, orDefault }) => {
      const original = cluster.find(
        ({ kind, metadata }) =>
          kind === 'Secret' &&
          metadata?.name === from.name &&
          (metadata.namespace ?? 'default') === from.namespace,
      );
      if (original === undefined) return orDefault ? [defaultCertificate(to)] : [];
      return [
        {
          ...original,
          ...(keys === undefined ? {} : { type: 'Opaque' }),
          metadata: { name: to.name, namespace: to.namespace },
          data: renamed(original['data'], keys),
          stringData: renamed(original['stringData'], keys),
        },
      ];
    },
  );
}

/** The default certificate that a step has people make: of the names that nginx's own has, so that a difference would show. */
export function ownCertificates({ options }: Conversion): KubernetesObject[] {
  return [defaultCertificate({ name: ownCertificate, namespace: options.gateway.namespace })];
}

function defaultCertificate(metadata: {
  readonly name: string;
  readonly namespace: string;
}): KubernetesObject {
  const text = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata,
    stringData: { 'tls.crt': text('default.crt'), 'tls.key': text('default.key') },
  };
}

/** The entries under the names of the copy. */
function renamed(data: unknown, keys: Readonly<Record<string, string>> | undefined): object {
  const entries = Object.entries((data ?? {}) as Record<string, unknown>);
  if (keys === undefined) return Object.fromEntries(entries);
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (keys[name] === undefined ? [] : [[keys[name], value]])),
  );
}
