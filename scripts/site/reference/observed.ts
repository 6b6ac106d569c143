// What the samples and the scenarios of the conformance suite show of each annotation, key and finding.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cut, type Example, exampleAt } from '../../../src/catalogue/example.ts';
import type { Conversion } from '../../../src/conversion/conversion.ts';
import { allFindings, ingressOf } from '../../../src/conversion/places.ts';
import type { Mappings } from '../../../src/decode/mapping.ts';
import { type Finding, messageOf, remedyOf } from '../../../src/domain/findings.ts';
import { defaultOptions, type Options, withParity } from '../../../src/domain/options.ts';
import { qualifiedName } from '../../../src/domain/origin.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import { toYaml } from '../../../src/emit/yaml.ts';
import { convert } from '../../../src/pipeline.ts';
import { readTexts } from '../../../src/read/index.ts';
import { root } from '../pages.ts';
import { differenceOf, withoutAnnotations } from './difference.ts';

/** An example, and what the report says of its subject. */
export interface Shown {
  /** A file of the repository; '' where the example was made for the page. */
  readonly file: string;
  readonly flags: string;
  readonly before: string;
  /** '' where no object is different because of it. */
  readonly after: string;
  /** `after` is what differs from the objects without it. */
  readonly isDifference?: true;
  readonly said: readonly Said[];
}

export interface Said {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export interface Observed {
  readonly annotations: ReadonlyMap<string, Shown>;
  /** By key of the ConfigMap, a value that a scenario sets. */
  readonly optionValues: ReadonlyMap<string, string>;
  readonly optionScenarios: ReadonlyMap<string, ReadonlySet<string>>;
  readonly findings: ReadonlyMap<string, Shown>;
  /** By annotation or key, the codes of the findings that were reported for it. */
  readonly codes: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Profile {
  readonly flags: string;
  readonly options: Options;
}

export const profiles: readonly Profile[] = [
  { flags: '', options: defaultOptions },
  { flags: '--parity', options: withParity(defaultOptions) },
];

/** Without the ten lines of headers on every route, which hide what an example is about. */
export const shortProfiles: readonly Profile[] = profiles.map(({ flags, options }) => ({
  flags: `${flags} --no-forwarded-headers`.trim(),
  options: { ...options, forwardedHeaders: false },
}));

/** Converts a text under a name that reports show. */
export function convertText(text: string, options: Options, file = 'input.yaml'): Conversion {
  return convert(readTexts([{ file, text }]), options);
}

export function observe(mappings: Mappings): Observed {
  const annotations = new Map<string, Shown>();
  const findings = new Map<string, Shown>();
  const optionValues = new Map<string, string>();
  const optionScenarios = new Map<string, Set<string>>();
  const codes = new Map<string, Set<string>>();
  for (const folder of inputFolders()) {
    const file = `${folder}/input.yaml`;
    const text = readFileSync(join(root, file), 'utf8');
    for (const { flags, options } of shortProfiles) {
      // What needs an option shows nothing of itself without it.
      const wanted = mappings.all
        .filter(({ fidelity }) => (fidelity === 'opt-in') === flags.includes('--parity'))
        .map(({ name, aliases }) => ({ name, names: [name, ...aliases] }))
        .filter(({ names }) => names.some((one) => text.includes(`/${one}:`)));
      if (wanted.length === 0) continue;
      const conversion = convertText(text, options);
      for (const { name, names } of wanted) {
        const shown = annotationShown(file, conversion, names, flags);
        if (shown === undefined || !keepBest(annotations, name, shown.shown)) continue;
        if (!flags.includes('--parity')) continue;
        // With so much turned on, whole objects hide what this annotation does.
        const before = objectsOf(convertText(withoutAnnotations(text, names), options), shown.ingress);
        const after = cut(differenceOf(before, objectsOf(conversion, shown.ingress)));
        if (after !== '') annotations.set(name, { ...shown.shown, after, isDifference: true });
      }
    }
    for (const { flags, options } of profiles) {
      const conversion = convertText(text, options);
      for (const outcome of conversion.outcomes) {
        const name = nameOf(outcome);
        for (const { type } of outcome.findings) into(codes, name, type.code);
        if (outcome.subject.kind !== 'option') continue;
        if (!optionValues.has(name)) optionValues.set(name, outcome.subject.value);
        if (folder.startsWith('test/')) into(optionScenarios, name, folder.replace(/^.*\//, ''));
      }
      for (const finding of allFindings(conversion))
        keepBest(findings, finding.type.code, findingShown(finding, file, flags, conversion));
    }
  }
  return { annotations, findings, optionValues, optionScenarios, codes };
}

function inputFolders(): string[] {
  return ['samples', 'test/conformance/scenarios']
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .sort()
        .map((name) => `${folder}/${name}`),
    )
    .filter((folder) => existsSync(join(root, folder, 'input.yaml')));
}

/** The Ingresses with the annotation and what they become, where the annotation went into an object. */
function annotationShown(
  file: string,
  conversion: Conversion,
  names: readonly string[],
  flags: string,
): { readonly shown: Shown; readonly ingress: string } | undefined {
  const outcomes = conversion.outcomes.filter(
    (outcome) =>
      outcome.subject.kind === 'annotation' && outcome.targets.length > 0 && names.includes(nameOf(outcome)),
  );
  let best: { readonly shown: Shown; readonly ingress: string } | undefined;
  for (const outcome of outcomes) {
    const { ref } = outcome.subject.origin.source;
    const ingress = conversion.model.ingresses.find(
      (one) => qualifiedName(one.ingress.ref) === qualifiedName(ref),
    );
    const example = ingress === undefined ? undefined : exampleAt(file, conversion, ingress, outcome.targets);
    if (example === undefined) continue;
    const shown = shownOf(example, flags, saidOf(outcome));
    if (best === undefined || sizeOf(shown) < sizeOf(best.shown))
      best = { shown, ingress: qualifiedName(ref) };
  }
  return best;
}

/** What shows little else hides least; of two such examples, that of the default options. */
function keepBest(all: Map<string, Shown>, name: string, shown: Shown): boolean {
  const known = all.get(name);
  const isBetter = known === undefined || sizeOf(shown) < sizeOf(known);
  if (isBetter) all.set(name, shown);
  return isBetter;
}

/** What an Ingress, by its name, becomes. */
function objectsOf({ objects }: Conversion, ingress: string): string {
  return toYaml(
    objects
      .filter(({ object, from }) => object.kind !== 'Gateway' && from.includes(ingress))
      .map(({ object }) => object),
  );
}

/** Lines before weigh more: each is another annotation. Scenarios made of many things come last. */
function sizeOf({ file, before, after }: Shown): number {
  const lines = (text: string): number => text.split('\n').length;
  if (before === '') return Number.MAX_SAFE_INTEGER;
  return 10 * lines(before) + lines(after) + (file.includes('/composite-') ? 1000 : 0);
}

function shownOf({ sample, before, after }: Example, flags: string, said: readonly Said[]): Shown {
  return { file: sample, flags, before, after, said };
}

/** The Ingress of a finding, what it becomes, and what the report says. */
export function findingShown(finding: Finding, file: string, flags: string, conversion: Conversion): Shown {
  const name = ingressOf(finding);
  const ingress = conversion.model.ingresses.find(({ ingress: { ref } }) => qualifiedName(ref) === name);
  const example = ingress === undefined ? undefined : exampleAt(file, conversion, ingress);
  return shownOf(example ?? { sample: file, before: '', after: '' }, flags, [saidBy(finding)]);
}

export function saidOf(outcome: Outcome | undefined): Said[] {
  if (outcome === undefined) return [];
  return [...new Map(outcome.findings.map((finding) => [finding.type.code, saidBy(finding)])).values()];
}

function saidBy(finding: Finding): Said {
  return { code: finding.type.code, message: messageOf(finding), remedy: remedyOf(finding) };
}

export function outcomeOf(
  conversion: Conversion,
  kind: 'annotation' | 'option',
  names: readonly string[],
): Outcome | undefined {
  return conversion.outcomes.find(
    (outcome) => outcome.subject.kind === kind && names.includes(nameOf(outcome)),
  );
}

function nameOf({ subject }: Outcome): string {
  return subject.name.replace(/^.*\//, '');
}

function into(all: Map<string, Set<string>>, name: string, item: string): void {
  const known = all.get(name);
  if (known === undefined) all.set(name, new Set([item]));
  else known.add(item);
}
