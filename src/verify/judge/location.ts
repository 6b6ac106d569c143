import type { Location, Match, NginxModel, Server } from '../../nginx/model.ts';

/** The server that nginx chooses for a Host header; undefined where only the built-in 404 answers. */
export function serverOf(model: NginxModel, hostHeader: string): Server | undefined {
  const host = hostName(hostHeader);
  const names = (server: Server) => server.aliases.map((alias) => alias.name.toLowerCase());
  const find = (test: (server: Server) => boolean) => model.servers.find(test);
  return (
    find((server) => server.host === host && host !== '') ??
    find((server) => names(server).includes(host)) ??
    find((server) => server.host.startsWith('*.') && oneLabelBelow(host, server.host.slice(1))) ??
    find((server) => names(server).some((name) => aliasMatches(name, host))) ??
    find((server) => server.host === '')
  );
}

/** The location that nginx chooses for a request; undefined where no server or no location of it matches. */
export function locationOf(model: NginxModel, host: string, path: string): Location | undefined {
  const server = serverOf(model, host);
  const normal = normalPath(path);
  if (server === undefined || normal === undefined) return undefined;
  const { locations } = server;
  return (
    locations.find(({ matches }) =>
      matches.some((match) => match.kind === 'exact' && match.path === normal),
    ) ??
    locations.find((location) => location.slashRedirectFrom === normal) ??
    locations.find(({ matches }) => matches.some((match) => covers(match, normal)))
  );
}

function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

/** A wildcard of an Ingress covers one label only (nginx/template.go, buildServerName). */
function oneLabelBelow(host: string, suffix: string): boolean {
  return host.endsWith(suffix) && /^[\w-]+$/.test(host.slice(0, -suffix.length));
}

/** Aliases stand in `server_name` as written: a name, nginx's own wildcards or `~` and a regular expression. */
function aliasMatches(alias: string, host: string): boolean {
  if (alias.startsWith('~')) return regexTest(alias.slice(1), host);
  if (alias.startsWith('*.')) return host.endsWith(alias.slice(1));
  return alias.endsWith('.*') && host.startsWith(alias.slice(0, -1));
}

function covers(match: Match, path: string): boolean {
  if (match.kind === 'exact') return path === match.path;
  if (match.kind === 'prefix') return path.startsWith(match.path);
  return regexTest(`^(?:${match.path.replace(/^\^/, '')})`, path);
}

function regexTest(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'i').test(text);
  } catch {
    return false; // PCRE that JavaScript does not know
  }
}

/** The path by which nginx chooses: decoded, dots resolved, slashes merged. Undefined where it answers 400. */
export function normalPath(raw: string): string | undefined {
  const path = decode(raw.replace(/[?#].*$/s, ''));
  if (!path.startsWith('/') || path.includes('\0')) return undefined;
  const segments: string[] = [];
  const parts = path.split('/').slice(1);
  for (const part of parts) {
    if (part === '..' && segments.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') segments.push(part);
  }
  const last = parts.at(-1);
  const open = last === '' || last === '.' || last === '..';
  return `/${segments.join('/')}${open && segments.length > 0 ? '/' : ''}`;
}

function decode(path: string): string {
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
