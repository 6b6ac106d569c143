import type { Conversion } from '../conversion/conversion.ts';
import { UsageError } from '../domain/errors.ts';
import { qualifiedName } from '../domain/origin.ts';
import { visible } from '../text/escape.ts';
import { fitsGlob } from './glob.ts';
import type { HostPlaces } from './places.ts';
import { type SelectKey, type SelectTerm, selectKeys } from './terms.ts';

/** What terms name in a conversion: hosts, and Ingresses of which nothing is served. */
export interface Chosen {
  readonly hosts: ReadonlySet<string>;
  /** `namespace/name` */
  readonly ingresses: ReadonlySet<string>;
}

/** The wave of a host; undefined where no plan says one. */
export type WaveOf = (host: string) => number | undefined;

/**
 * Terms of one key widen the choice, terms of different keys narrow it: `host=a`, `host=b` and `wave=2` are those of a and b that
 * move with wave 2.
 * @throws {UsageError} a term fits nothing, or nothing fits all keys
 */
export function chosenBy(
  terms: readonly SelectTerm[],
  { model }: Conversion,
  { hostsOfIngress }: HostPlaces,
  waveOf: WaveOf,
): Chosen {
  const hosts = [...new Set(model.servers.map(({ host }) => host))];
  const namesOf = new Map<string, string[]>();
  for (const { host, ingresses } of model.servers) {
    const names = ingresses.map(({ ingress }) => qualifiedName(ingress.ref));
    namesOf.set(host, [...(namesOf.get(host) ?? []), ...names]);
  }
  const idle = [...hostsOfIngress].filter(([, own]) => own.length === 0).map(([name]) => name);
  const ofTerm = (term: SelectTerm): Chosen => {
    const found = {
      hosts: new Set(hosts.filter((host) => fitsHost(term, host, namesOf.get(host) ?? [], waveOf))),
      ingresses: new Set(idle.filter((name) => fitsIngress(term, name))),
    };
    if (found.hosts.size === 0 && found.ingresses.size === 0) throw fitsNothing(term);
    return found;
  };
  const byKey = selectKeys.flatMap((key) => {
    const own = terms.filter((term) => term.key === key).map(ofTerm);
    return own.length === 0 ? [] : [union(own)];
  });
  const chosen = byKey.reduce(intersection);
  if (chosen.hosts.size === 0 && chosen.ingresses.size === 0)
    throw new UsageError(
      'No host fits all of --select.',
      'Values of one key are alternatives, different keys apply together: leave one of the keys out.',
    );
  return chosen;
}

function fitsHost(
  { key, pattern }: SelectTerm,
  host: string,
  ingresses: readonly string[],
  waveOf: WaveOf,
): boolean {
  switch (key) {
    case 'host':
      return fitsGlob(pattern, host) || (pattern === '_' && host === '');
    case 'wave':
      return waveOf(host) === Number(pattern);
    default:
      return ingresses.some((name) => fitsIngress({ key, pattern }, name));
  }
}

function fitsIngress({ key, pattern }: SelectTerm, name: string): boolean {
  if (key === 'ingress') return fitsGlob(pattern, name);
  return key === 'namespace' && fitsGlob(pattern, name.slice(0, name.indexOf('/')));
}

function union(all: readonly Chosen[]): Chosen {
  return {
    hosts: new Set(all.flatMap(({ hosts }) => [...hosts])),
    ingresses: new Set(all.flatMap(({ ingresses }) => [...ingresses])),
  };
}

function intersection(one: Chosen, other: Chosen): Chosen {
  return {
    hosts: new Set([...one.hosts].filter((host) => other.hosts.has(host))),
    ingresses: new Set([...one.ingresses].filter((name) => other.ingresses.has(name))),
  };
}

const unfit: Readonly<Record<SelectKey, string>> = {
  host: 'No host of the input fits it; globs such as *.example.com are allowed.',
  namespace: 'No Ingress of the input is in such a namespace.',
  ingress: 'No Ingress of the input has such a namespace and name.',
  wave: 'No host of the input is in that wave; ingress2istio plan says which waves there are.',
};

function fitsNothing({ key, pattern }: SelectTerm): UsageError {
  return new UsageError(`--select ${key}=${visible(pattern, 80)} selects nothing.`, unfit[key]);
}
