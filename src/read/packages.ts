import type { Finding } from '../domain/findings.ts';
import { finding } from '../domain/findings.ts';
import type { Origin } from '../domain/origin.ts';
import { unbuiltKustomization, unrenderedChart } from './findings/files.ts';

const KUSTOMIZATION = /^(?:kustomization\.ya?ml|Kustomization)$/;

/** What a kustomization may have while its files, read one by one, are the same manifests. */
const plain: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'resources', 'bases']);

/** The file of a directory that says how its manifests are made; undefined where they are there as they are. */
export function packageFile(names: readonly string[]): string | undefined {
  return names.includes('Chart.yaml') ? 'Chart.yaml' : names.find((name) => KUSTOMIZATION.test(name));
}

/**
 * Why a directory can't be read file by file: it's a chart, or a kustomization that changes what it lists.
 * @param name of the file that `packageFile` found, with its text
 */
export function unrendered(
  directory: string,
  name: string,
  text: string,
  origin: Origin,
): Finding | undefined {
  if (name === 'Chart.yaml') return finding(unrenderedChart, { file: directory }, { origin });
  const keys = [...text.matchAll(/^([A-Za-z]+):/gm)].map(([, key]) => key!);
  const fields = [...new Set(keys)].filter((key) => !plain.has(key)).sort();
  return fields.length === 0
    ? undefined
    : finding(unbuiltKustomization, { file: directory, fields }, { origin });
}
