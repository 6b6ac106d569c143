import type { Provenance } from '../domain/provenance.ts';

/** Why an object is another one now than in an earlier output. */
export type Cause = 'tool' | 'input' | 'options' | 'both' | 'edited' | 'unknown';

/** An earlier output: what it says of itself, and what it would say today. */
export interface Earlier {
  /** Undefined where it doesn't say: written before outputs did. */
  readonly before: Provenance | undefined;
  readonly now: Provenance;
  /** Output files, without `.yaml`, whose content isn't what was written. */
  readonly edited: ReadonlySet<string>;
}

/** A changed object: where it is written, and the Ingresses that it comes from; none: all of them. */
export interface ChangedObject {
  readonly file: string | undefined;
  readonly from: readonly string[];
}

export interface Explained {
  readonly cause: Cause;
  readonly note: string;
}

/**
 * Whether the tool changed an object, or its input did. The Ingresses with what they name, the surroundings and the options are compared;
 * where one of them and the tool are others, both may be the reason, and that is said.
 */
export function causeOf({ file, from }: ChangedObject, earlier: Earlier): Explained {
  const { before, now, edited } = earlier;
  if (before === undefined) {
    const note = `Written before outputs recorded their version; this is ${now.tool}. The tool, the input, or both changed.`;
    return { cause: 'unknown', note };
  }
  if (file !== undefined && edited.has(file))
    return { cause: 'edited', note: 'The file was edited after it was written.' };
  const inputs = changedInputs(from, before, now);
  const others = [
    ...(inputs.length > 0 ? [inputs.join(', ')] : []),
    ...(before.options === now.options ? [] : ['the options or decisions']),
  ].join(', ');
  const upgrade = before.tool === now.tool ? undefined : `ingress2istio ${before.tool} → ${now.tool}`;
  if (upgrade === undefined) {
    if (others === '')
      return {
        cause: 'unknown',
        note: 'Neither the tool nor its Ingresses, their surroundings, or the options changed.',
      };
    return { cause: inputs.length > 0 ? 'input' : 'options', note: `Because of ${others}.` };
  }
  if (others === '')
    return { cause: 'tool', note: `Because of the tool: ${upgrade}. Nothing of its input changed.` };
  return { cause: 'both', note: `Because of ${others}, or of the tool: ${upgrade}.` };
}

/** Most names that one note lists. */
const mostNames = 3;

function changedInputs(from: readonly string[], before: Provenance, now: Provenance): string[] {
  const all = [...new Set([...before.ingresses.keys(), ...now.ingresses.keys()])].sort();
  const changed = (from.length === 0 ? all : from).filter(
    (name) => before.ingresses.get(name) !== now.ingresses.get(name),
  );
  const more = changed.length - mostNames;
  const names = `${changed.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    ...(changed.length === 0 ? [] : [`the input of Ingress ${names}`]),
    ...(before.surroundings === now.surroundings ? [] : ['the controller, classes, or certificates']),
  ];
}

const words: Readonly<Record<Cause, string>> = {
  tool: 'the tool',
  input: 'the input',
  options: 'the options or decisions',
  both: 'the tool, the input, or the options',
  edited: 'edits of files',
  unknown: 'something that isn’t recorded',
};

/** As in `Changed because of: the tool 3, the input 1.` */
export function causesSentence(causes: readonly Cause[], { before, now }: Earlier): string {
  const counted = (Object.keys(words) as Cause[])
    .map((cause) => ({ cause, number: causes.filter((one) => one === cause).length }))
    .filter(({ number }) => number > 0)
    .map(({ cause, number }) => `${words[cause]} ${number}`);
  const written =
    before === undefined ? 'an ingress2istio that recorded no version' : `ingress2istio ${before.tool}`;
  const head =
    before?.tool === now.tool
      ? `Written by this version, ${now.tool}.`
      : `Written by ${written}; this is ${now.tool}.`;
  return counted.length === 0 ? head : `${head} Changed because of: ${counted.join(', ')}.`;
}
