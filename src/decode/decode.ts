import { originOf } from '../domain/origin.ts';
import { isSince } from '../domain/release.ts';
import type { Ingress } from '../read/cluster.ts';
import type { Annotation, KnownAnnotation } from './annotation.ts';
import type { Mapping, Mappings } from './mapping.ts';
import { isKnown } from './mappings.ts';
import { ownerOf } from './owners.ts';
import { distance, type Suggestion, suggest } from './suggest.ts';
import { type DecodedValue, unvalidatedDecoder, valueDecoder } from './value.ts';

const classKey = 'kubernetes.io/ingress.class';
/** The prefix of ingress-nginx before 0.9.0-beta.18. */
const oldPrefix = 'ingress.kubernetes.io';

/** How a controller reads annotations. */
export interface Reader {
  /** Its `--annotations-prefix`, as in `nginx.ingress.kubernetes.io`. */
  readonly prefix: string;
  /** As in `1.9.6`. */
  readonly release: string;
  /** Whether values are held against rules before they are read (`--enable-annotation-validation`). */
  readonly validates: boolean;
}

/**
 * Says of every annotation of an Ingress what it is, and reads the values of those that the controller knows. Sorted by key.
 * @param mappings with the rules of the reader's release
 */
export function decodeAnnotations(ingress: Ingress, mappings: Mappings, reader: Reader): Annotation[] {
  const { prefix } = reader;
  return [...ingress.annotations.keys()].sort().map((key) => {
    const raw = ingress.annotations.get(key) ?? '';
    const origin = originOf(ingress.source, 'metadata', 'annotations', key);
    if (key === classKey) return { kind: 'class', key, raw, origin, owner: 'Kubernetes' };
    const slash = key.indexOf('/');
    const domain = key.slice(0, Math.max(slash, 0));
    const name = key.slice(slash + 1);
    if (domain === prefix) {
      const mapping = mappings.find(name);
      if (mapping === undefined) return { kind: 'unknown', key, raw, origin, ...recall(mappings, name) };
      if (!isKnown(mapping, name, reader.release))
        return { kind: 'unknown', key, raw, origin, ...absence(mapping, reader.release, mappings) };
      return {
        kind: 'known',
        key,
        raw,
        origin,
        mapping,
        ...decodeKnown(ingress, mapping, name, raw, reader),
      };
    }
    const owner = ownerOf(key);
    if (owner !== undefined) return { kind: owner.kind, key, raw, origin, owner: owner.name };
    const meant = prefixNote(domain, prefix);
    if (meant !== undefined)
      return { kind: 'unknown', key, raw, origin, ...elsewhere(mappings, name, meant) };
    return { kind: 'foreign', key, raw, origin, owner: domain };
  });
}

/** The newer name wins over its aliases unless it is empty (annotations/parser/validators.go, checkAnnotation). */
function decodeKnown(
  ingress: Ingress,
  mapping: Mapping,
  name: string,
  raw: string,
  { prefix, release, validates }: Reader,
): Pick<KnownAnnotation, 'shadowed' | 'value' | 'problem'> {
  const isSet = (other: string) =>
    isKnown(mapping, other, release) && (ingress.annotations.get(`${prefix}/${other}`) ?? '') !== '';
  const rank = mapping.aliases.indexOf(name);
  const earlier = rank < 0 ? [] : [mapping.name, ...mapping.aliases.slice(0, rank)];
  if (earlier.some(isSet)) return { shadowed: true, value: undefined, problem: undefined };
  const stoodIn = raw === '' && (rank >= 0 || mapping.aliases.some(isSet));
  if (stoodIn) return { shadowed: false, value: undefined, problem: undefined };
  return { shadowed: false, ...decodeValue(mapping, raw, validates) };
}

/** Why a release does not read an annotation that others do. */
function absence({ name, since, until }: Mapping, release: string, mappings: Mappings): Suggestion {
  if (until !== undefined && isSince(release, until)) return recall(mappings, name);
  const note = `It came with ingress-nginx ${since}, and ${release} does not read it; it was not converted, so that it does not begin to act.`;
  return { suggestions: [], note };
}

/** Says why a domain is taken for a prefix of ingress-nginx that the controller does not read; undefined where it is not. */
function prefixNote(domain: string, prefix: string): string | undefined {
  const read = `The controller reads only the prefix ${prefix}.`;
  if (domain === '') return undefined;
  if (domain === 'nginx.ingress.kubernetes.io') return read;
  if (domain === oldPrefix)
    return `The prefix ${oldPrefix} was given up in ingress-nginx 0.9.0-beta.18. ${read}`;
  if (domain.endsWith(`.${oldPrefix}`) && distance(domain, prefix, 2) > 1) return undefined;
  return distance(domain.toLowerCase(), prefix, 2) <= 2 ? `The prefix is misspelt. ${read}` : undefined;
}

/** A known name under a wrong prefix suggests itself. */
function elsewhere(mappings: Mappings, name: string, note: string): Suggestion {
  if (mappings.find(name) !== undefined) return { suggestions: [name], note };
  const recalled = recall(mappings, name);
  return { suggestions: recalled.suggestions, note: `${note} ${recalled.note}`.trimEnd() };
}

// Pure results that are worth keeping: a dump repeats the same few mappings and the same few inventions thousands of times.
const decoders = {
  validated: new WeakMap<Mapping, (raw: string) => DecodedValue>(),
  unvalidated: new WeakMap<Mapping, (raw: string) => DecodedValue>(),
};
const recalled = new WeakMap<Mappings, Map<string, Suggestion>>();

function decodeValue(mapping: Mapping, raw: string, validates: boolean): DecodedValue {
  const known = validates ? decoders.validated : decoders.unvalidated;
  let decode = known.get(mapping);
  if (decode === undefined) {
    decode = validates ? valueDecoder(mapping.value) : unvalidatedDecoder(mapping.value);
    known.set(mapping, decode);
  }
  return decode(raw);
}

function recall(mappings: Mappings, name: string): Suggestion {
  let names = recalled.get(mappings);
  if (names === undefined) {
    names = new Map();
    recalled.set(mappings, names);
  }
  let suggestion = names.get(name);
  if (suggestion === undefined) {
    suggestion = suggest(name, mappings);
    names.set(name, suggestion);
  }
  return suggestion;
}
