import { locationFor, patternCache, serverIndex } from '../../diff/nginx-location.ts';
import type { Location, NginxModel, Server } from '../../nginx/model.ts';

/** What of nginx's model answers a request. */
export interface Place {
  /** Undefined where only the built-in 404 answers. */
  readonly server: Server | undefined;
  /** Undefined where no location of the server matches. */
  readonly location: Location | undefined;
}

/** Finds the server that nginx chooses for a Host header, and the location of it that it chooses for a path. */
export function placesOf(model: NginxModel): (hostHeader: string, rawPath: string) => Place {
  const patterns = patternCache();
  const servers = serverIndex(model, patterns);
  return (hostHeader, rawPath) => {
    const server = servers(hostName(hostHeader));
    const path = normalPath(rawPath);
    const chosen =
      server === undefined || path === undefined ? undefined : locationFor(server, path, patterns);
    return { server, location: chosen?.location };
  };
}

/** A Host header as nginx compares it: in lower case, without a port and a last dot. */
export function hostName(header: string): string {
  return header.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
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
  if (!path.includes('%')) return path;
  const bytes = path.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
