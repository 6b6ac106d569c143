import type { Mappings } from '../decode/mapping.ts';
import type { GivenOptions } from '../domain/options.ts';
import { toYaml } from '../emit/yaml.ts';
import type { Cluster } from '../read/cluster.ts';
import { redactObject } from './object.ts';
import { writtenObjects } from './objects.ts';
import { redactOptions } from './options.ts';
import {
  mediaTypes,
  publicDirectives,
  publicHeaders,
  publicNames,
  publicValues,
  publicVariables,
} from './public-words.ts';
import { collecting, type Renaming } from './renaming.ts';

/** An input that can be shared: it converts as the original does, and no word of it is left that belongs to its owner. */
export interface Redacted {
  /** A document an object. */
  readonly texts: Iterable<string>;
  /** The choices, with the same names in them. */
  readonly options: GivenOptions;
  /** Placeholder → word of the input. */
  readonly key: ReadonlyMap<string, string>;
}

/** Words that must not come about by chance, as they would mean something. */
const reserved: ReadonlySet<string> = new Set(
  [publicNames, publicValues, publicHeaders, publicDirectives, publicVariables, mediaTypes]
    .flatMap((words) => [...words].flatMap((word) => [word, ...word.split(/[-_/.+]/)]))
    .concat('www', 'svc', 'cluster', 'local', 'localhost')
    .filter((word) => word.length > 1 && !/^\d+$/.test(word)),
);

/**
 * The input with stable placeholders: first all words are collected, then each is replaced, so the same word is the same placeholder
 * everywhere, whatever the order of files and documents.
 */
export function redact(cluster: Cluster, options: GivenOptions, mappings: Mappings): Redacted {
  const words = collecting(reserved);
  for (const object of writtenObjects(cluster)) redactObject(object, { mappings, renaming: words.seeing });
  redactOptions(options, words.seeing);
  const renaming = words.renaming();
  return {
    texts: redactedTexts(cluster, mappings, renaming),
    options: redactOptions(options, renaming),
    key: words.key(),
  };
}

function* redactedTexts(cluster: Cluster, mappings: Mappings, renaming: Renaming): Generator<string> {
  for (const object of writtenObjects(cluster)) yield toYaml([redactObject(object, { mappings, renaming })]);
}
