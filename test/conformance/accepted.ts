import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IstioObject } from '../../src/istio-api/objects.ts';
import {
  allObjects,
  convertScenario,
  ownCertificates,
  type Recorded,
  secretCopies,
  writeGatewayFiles,
} from './converted.ts';
import type { Profile } from './profile.ts';
import { flagsOf, type KubernetesObject, objectsOf } from './scenario.ts';
import type { Lab } from './suite.ts';
import { unexplained } from './warnings.ts';

const ownSamples = fileURLToPath(new URL('../../samples', import.meta.url));
const network = 99;

/** Has istiod and Envoy take every sample's output, one by one; tells what they said against it. */
export async function checkSamples(lab: Lab): Promise<string[]> {
  const complaints: string[] = [];
  for (const name of existsSync(ownSamples) ? readdirSync(ownSamples).sort() : []) {
    const [input, expected] = ['input.yaml', 'expected.yaml'].map((file) => join(ownSamples, name, file));
    if (!existsSync(expected!)) continue;
    const extras = join(ownSamples, name, 'extras.yaml');
    const objects = [expected!, ...(existsSync(extras) ? [extras] : [])].flatMap(
      (file) => objectsOf(readFileSync(file, 'utf8')) as unknown as IstioObject[],
    );
    complaints.push(
      ...(await accept(`samples/${name}`, objects, objectsOf(readFileSync(input!, 'utf8')), lab)),
    );
  }
  return complaints;
}

/** The same for what comes of every YAML file of a folder, without requests. */
export async function checkInputs(
  folder: string,
  profiles: readonly Profile[],
  recorded: Recorded,
  lab: Lab,
): Promise<string[]> {
  const complaints: string[] = [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  for (const profile of profiles) {
    for (const file of files.sort()) {
      const id = `${profile}/${basename(folder)}/${file}`;
      complaints.push(...(await convertAndAccept(id, join(folder, file), profile, recorded, lab)));
    }
  }
  return complaints;
}

async function convertAndAccept(
  id: string,
  file: string,
  profile: Profile,
  recorded: Recorded,
  lab: Lab,
): Promise<string[]> {
  try {
    const input = readFileSync(file, 'utf8');
    const conversion = convertScenario({ input, flags: flagsOf(dirname(file)) }, profile, recorded);
    const cluster = objectsOf(input);
    const secrets = [...secretCopies(conversion, cluster), ...ownCertificates(conversion)];
    const objects = allObjects(conversion);
    return await accept(id, objects, [...cluster, ...secrets], lab);
  } catch (error) {
    return [`${id}: the conversion failed: ${(error as Error).message}`];
  }
}

async function accept(
  id: string,
  objects: readonly IstioObject[],
  cluster: readonly KubernetesObject[],
  lab: Lab,
): Promise<string[]> {
  const gateway = await lab.gateways.start(
    id,
    writeGatewayFiles(objects, cluster, join(lab.work, id)),
    network,
  );
  await lab.gateways.stop(id);
  const reasons = gateway.kind === 'refused' ? gateway.reasons : [];
  return [...reasons, ...unexplained(gateway.warnings)].map((text) => `${id}: ${text}`);
}
