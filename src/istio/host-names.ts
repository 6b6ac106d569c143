import { quoteRegex } from '../istio-api/patterns.ts';
import type { StringMatch } from '../istio-api/types.ts';
import { memoize } from '../memoize.ts';
import type { Server } from '../nginx/model.ts';
import type { Effect, HostEffect } from '../plan/effect.ts';
import type { ServerEffects } from '../plan/server-plan.ts';
import { wildcardPorts } from './policies.ts';

export interface Hosts {
  readonly own: readonly string[];
  /** All names that are meant. */
  readonly names: readonly string[];
  /** The same in as few hosts as Istio wants. */
  readonly all: readonly string[];
  /** As `all`, without names that only redirect: protections hold for these. */
  readonly served: readonly string[];
  /** Names with the host's own certificate. */
  readonly tls: readonly string[];
  /** Names with another certificate, by its Secret. */
  readonly otherTls: ReadonlyMap<string, readonly string[]>;
}

/** The names under which a host is served, `*` for the catch-all. */
export function hostsOf({ server, effects }: ServerEffects): Hosts {
  return namesOf(effects, server.host);
}

/** Each server has a list of effects of its own. */
const namesOf = memoize((effects: readonly Effect[], host: string): Hosts => {
  const own = host === '' ? '*' : host;
  // nginx passes on the streams of the host's own name alone, not those of its aliases.
  const passed = effects.some((effect) => effect.kind === 'passthrough');
  const others = effects.filter((effect) => effect.kind === 'host');
  const names = [...new Set([own, ...others.map(({ name }) => name)])];
  return {
    names,
    all: withoutCovered(names),
    served: withoutCovered([
      ...new Set([own, ...others.filter(({ redirects }) => !redirects).map(({ name }) => name)]),
    ]),
    own: [own],
    tls: passed
      ? [own]
      : [
          ...new Set([
            own,
            ...others.filter(({ certificate }) => certificate === 'of-host').map(({ name }) => name),
          ]),
        ],
    otherTls: passed ? new Map() : byCredential(others),
  };
});

function byCredential(others: readonly HostEffect[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { name, certificate } of others) {
    if (typeof certificate !== 'object') continue;
    const known = names.get(certificate.credentialName);
    if (known === undefined) names.set(certificate.credentialName, [name]);
    else if (!known.includes(name)) known.push(name);
  }
  return names;
}

/** Istio refuses a host beside a wildcard that covers it. */
function withoutCovered(names: readonly string[]): string[] {
  if (names.length < 2) return [...names];
  return names.filter(
    (name) =>
      !names.some((other) => other !== name && other.startsWith('*.') && name.endsWith(other.slice(1))),
  );
}

/**
 * nginx's `*.example.com` is one label (template/template.go buildServerName), Istio's any number of them, as in an alias.
 * What is compared has the port of the Host header, which a policy has to know for a wildcard.
 */
export function authorityOf(
  server: Server,
  names: readonly string[],
  byPolicy: boolean,
): StringMatch | undefined {
  const open = byPolicy && names.some((name) => name.startsWith('*.'));
  if (!server.host.startsWith('*.') && !open) return undefined;
  const patterns = names.map((name) => {
    if (!name.startsWith('*.')) return quoteRegex(name);
    return `${name === server.host ? '[\\w-]+' : '[^:]+'}${quoteRegex(name.slice(1))}`;
  });
  const ports = byPolicy ? `(?:${wildcardPorts.join('|')})` : '[0-9]+';
  return {
    regex: `(?i)${patterns.length === 1 ? patterns[0] : `(?:${patterns.join('|')})`}(?::${ports})?`,
  };
}
