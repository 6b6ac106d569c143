import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IstioObject } from '../../src/istio/objects.ts';
import { writeGatewayFiles } from './converted.ts';
import { objectsOf } from './scenario.ts';
import type { Lab } from './suite.ts';
import { unexplained } from './warnings.ts';

const ownSamples = fileURLToPath(new URL('../../samples', import.meta.url));
const network = 99;

/** Has istiod and Envoy take every sample's output, one by one; tells what they said against it. */
export async function checkSamples(lab: Lab): Promise<string[]> {
  const complaints: string[] = [];
  const names = existsSync(ownSamples) ? readdirSync(ownSamples).sort() : [];
  for (const name of names) {
    const [input, expected] = ['input.yaml', 'expected.yaml'].map((file) => join(ownSamples, name, file));
    if (!existsSync(expected!)) continue;
    const id = `samples/${name}`;
    const objects = objectsOf(readFileSync(expected!, 'utf8')) as unknown as IstioObject[];
    const files = writeGatewayFiles(objects, objectsOf(readFileSync(input!, 'utf8')), join(lab.work, id));
    const gateway = await lab.gateways.start(id, files, network);
    await lab.gateways.stop(id);
    const reasons = gateway.kind === 'refused' ? gateway.reasons : [];
    complaints.push(...[...reasons, ...unexplained(gateway.warnings)].map((text) => `${id}: ${text}`));
  }
  return complaints;
}
