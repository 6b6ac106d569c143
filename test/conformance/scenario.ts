import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { Observation } from '../../src/verify/judge/observation.ts';
import type { Probe } from '../../src/verify/judge/probe.ts';
import { withLateCopies } from './late.ts';

/** A Kubernetes object as it stands in the input. */
export type KubernetesObject = Readonly<Record<string, unknown>> & {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
};

/** A folder with Kubernetes objects, requests, and what the real ingress-nginx answered. */
export interface Scenario {
  readonly name: string;
  readonly folder: string;
  /** The text of `input.yaml`. */
  readonly input: string;
  readonly objects: readonly KubernetesObject[];
  /** Flags of the controller. */
  readonly flags: readonly string[];
  readonly probes: readonly Probe[];
  readonly nginx: Observation;
}

/**
 * Names of the folders below `root` that hold a scenario and match one of the `globs` (`*` and `?`), sorted.
 * @param recordings folder that has to hold `<scenario>.json`
 */
export function scenarioNames(root: string, globs: readonly string[], recordings?: string): string[] {
  const wanted = globs.map(globToRegExp);
  return readdirSync(root)
    .filter((name) => existsSync(join(root, name, 'probes.yaml')))
    .filter((name) => recordings === undefined || existsSync(join(recordings, `${name}.json`)))
    .filter((name) => wanted.length === 0 || wanted.some((pattern) => pattern.test(name)))
    .sort();
}

/** @param recordings folder with `<scenario>.json`, in place of the scenario's own recording */
export function readScenario(folder: string, recordings?: string): Scenario {
  const text = (file: string) => readFileSync(join(folder, file), 'utf8');
  const input = text('input.yaml');
  const probes = parseProbes(text('probes.yaml'));
  const recording =
    recordings === undefined ? join(folder, 'nginx.json') : join(recordings, `${basename(folder)}.json`);
  const nginx = JSON.parse(readFileSync(recording, 'utf8')) as Observation;
  return {
    name: basename(folder),
    folder,
    input,
    objects: objectsOf(input),
    flags: flagsOf(folder),
    probes,
    nginx: { ...nginx, results: withLateCopies(probes, nginx.results) },
  };
}

/** The controller's flags that a folder's file `flags` holds; none where there is no such file. */
export function flagsOf(folder: string): string[] {
  const file = join(folder, 'flags');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.split(/\s+/).filter((flag) => flag !== '');
}

/** Reads `probes.yaml`. Throws where a probe has no name or two have the same one: their results could not be told apart. */
export function parseProbes(text: string): Probe[] {
  const { probes } = parse(text) as { probes: Probe[] };
  const names = new Set<string>();
  for (const { name, request } of probes) {
    if (typeof name !== 'string' || names.has(name))
      throw new Error(`probe without a name of its own: ${name}`);
    if (typeof request?.path !== 'string') throw new Error(`probe ${name} has no request.path`);
    names.add(name);
  }
  return probes;
}

/** The objects of a multi-document YAML text, with Lists taken apart. */
export function objectsOf(text: string): KubernetesObject[] {
  return parseAllDocuments(text, { uniqueKeys: false }).flatMap((document) => itemsOf(document.toJS()));
}

/** What each port of an ExternalName Service stands for: `external/host:port` by `namespace/service:port`. */
export function externalNamesOf({ objects }: Pick<Scenario, 'objects'>): Map<string, string> {
  const names = new Map<string, string>();
  for (const { kind, metadata, spec } of objects) {
    const { type, externalName, ports = [] } = (spec ?? {}) as ServiceSpec;
    if (kind !== 'Service' || type !== 'ExternalName') continue;
    for (const { port } of ports) {
      const name = `${metadata?.namespace ?? 'default'}/${metadata?.name}:${port}`;
      names.set(name, `external/${externalName}:${port}`);
    }
  }
  return names;
}

interface ServiceSpec {
  readonly type?: string;
  readonly externalName?: string;
  readonly ports?: readonly { readonly port: number }[];
}

function itemsOf(value: unknown): KubernetesObject[] {
  if (typeof value !== 'object' || value === null) return [];
  const object = value as KubernetesObject & { readonly items?: readonly unknown[] };
  return object.kind?.endsWith('List') && Array.isArray(object.items)
    ? object.items.flatMap(itemsOf)
    : [object];
}

function globToRegExp(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`);
}
