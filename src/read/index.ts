import type { Finding } from '../domain/findings.ts';
import type { Cluster } from './cluster.ts';
import { compare, comparePlaces, inOrder, withoutDuplicates } from './duplicates.ts';
import { collectFile } from './file.ts';
import { nothingCollected } from './objects.ts';
import type { ReadSource } from './source.ts';
import { textFile } from './text.ts';

/** A text of the input; `file` is the name that findings show. */
export interface InputText {
  readonly file: string;
  readonly text: string;
}

/** How far reading has come, in characters. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

/**
 * Reads Kubernetes objects from YAML and JSON texts. Never throws for what a text holds: all that is wrong becomes a finding. The
 * result is ordered by namespace and name, and is the same for any order of texts and documents.
 */
export function readTexts(
  inputs: readonly InputText[],
  onProgress?: (progress: ReadProgress) => void,
): Cluster {
  const collected = nothingCollected();
  const total = inputs.reduce((sum, { text }) => sum + text.length, 0);
  let before = 0;
  for (const { file, text } of inputs) {
    collectFile(collected, textFile(file, text), (offset) => onProgress?.({ done: before + offset, total }));
    before += text.length;
    onProgress?.({ done: before, total });
  }

  const findings = [...collected.findings];
  const report = (reported: Finding) => void findings.push(reported);
  return {
    ingresses: inOrder(withoutDuplicates(collected.ingresses, report)),
    ingressClasses: inOrder(withoutDuplicates(collected.ingressClasses, report)),
    services: inOrder(withoutDuplicates(collected.services, report)),
    secrets: inOrder(withoutDuplicates(collected.secrets, report)),
    configMaps: inOrder(withoutDuplicates(collected.configMaps, report)),
    controllers: inOrder(withoutDuplicates(collected.controllers, report)),
    issuerDefaults: inOrder(withoutDuplicates(collected.issuerDefaults, report)),
    meshWorkloads: inOrder(withoutDuplicates(collected.meshWorkloads, report)),
    istioObjects: inOrder(withoutDuplicates(collected.istioObjects, report)),
    related: inOrder(withoutDuplicates(collected.related, report)),
    others: new Map([...collected.others].sort(([a], [b]) => compare(a, b))),
    findings: findings.sort(compareFindings),
  };
}

function compareFindings(a: Finding, b: Finding): number {
  const [one, two] = [a.origin, b.origin];
  if (one === undefined || two === undefined) return 0;
  return (
    comparePlaces(one.source as ReadSource, two.source as ReadSource) ||
    compare(a.type.code, b.type.code) ||
    compare(JSON.stringify(one.path), JSON.stringify(two.path))
  );
}
