import type { Location, Match, NginxModel, Server } from '../nginx/model.ts';

/** The server that answers for a host; undefined where the built-in default server does. */
export type ServerIndex = (host: string) => Server | undefined;

export function serverIndex({ servers }: NginxModel, patterns: Patterns): ServerIndex {
  const named = new Map<string, Server>();
  for (const server of servers) if (!named.has(server.host)) named.set(server.host, server);
  const aliased = new Map<string, Server>();
  for (const server of servers)
    for (const { name } of server.aliases)
      if (!aliased.has(name.toLowerCase())) aliased.set(name.toLowerCase(), server);
  const open = [...aliased].filter(([name]) => /^~|^\*\.|\.\*$/.test(name));
  return (host) => {
    const dot = host.indexOf('.');
    const parent =
      dot > 0 && /^[\w-]+$/.test(host.slice(0, dot)) ? named.get(`*${host.slice(dot)}`) : undefined;
    return (
      named.get(host) ??
      aliased.get(host) ??
      parent ??
      open.find(([alias]) => isAliasOf(alias, host, patterns))?.[1] ??
      named.get('')
    );
  };
}

/** Names in `server_name` as nginx reads them: wildcards of any depth, or `~` and a regular expression. */
function isAliasOf(alias: string, host: string, patterns: Patterns): boolean {
  if (alias.startsWith('~')) return patterns(alias.slice(1))?.test(host) === true;
  if (alias.startsWith('*.')) return host.endsWith(alias.slice(1));
  return alias.endsWith('.*') && host.startsWith(alias.slice(0, -1));
}

export interface Chosen {
  readonly location: Location;
  /** Undefined: nginx answers with the slash redirect. */
  readonly match: Match | undefined;
}

/** The location for a path: exact, then the slash redirect, then the first that matches (nginx/SEMANTICS 4). */
export function locationFor({ locations }: Server, path: string, patterns: Patterns): Chosen | undefined {
  for (const location of locations) {
    const match = location.matches.find(({ kind, path: own }) => kind === 'exact' && own === path);
    if (match !== undefined) return { location, match };
  }
  const redirecting = locations.find(({ slashRedirectFrom }) => slashRedirectFrom === path);
  if (redirecting !== undefined) return { location: redirecting, match: undefined };
  let chosen: Chosen | undefined;
  for (const location of locations) {
    for (const match of location.matches) {
      if (match.kind === 'regex' && patterns(`^${match.path}`)?.test(path)) return { location, match };
      const longer =
        match.kind === 'prefix' &&
        path.startsWith(match.path) &&
        match.path.length > (chosen?.match?.path.length ?? -1);
      if (longer) chosen = { location, match };
    }
  }
  return chosen;
}

/** Compiles a pattern of nginx, without regard to case; undefined where JavaScript does not know its syntax. */
export type Patterns = (source: string) => RegExp | undefined;

/** Each pattern is compiled once. */
export function patternCache(): Patterns {
  const compiled = new Map<string, RegExp | undefined>();
  return (source) => {
    if (!compiled.has(source)) compiled.set(source, compile(source));
    return compiled.get(source);
  };
}

function compile(source: string): RegExp | undefined {
  try {
    return new RegExp(source.replaceAll('(?i)', ''), 'i');
  } catch {
    return undefined;
  }
}
