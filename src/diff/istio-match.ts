import { RE2JS } from 're2js';
import type { Mapping } from '../read/fields.ts';
import { at, listOf, textOf } from './istio-objects.ts';
import type { RouteRequest } from './route.ts';

/** Compiles a pattern of RE2; undefined where it is none. */
export type Re2 = (source: string) => RE2JS | undefined;

/** Each pattern is compiled once. */
export function re2Cache(): Re2 {
  const compiled = new Map<string, RE2JS | undefined>();
  return (source) => {
    if (!compiled.has(source)) compiled.set(source, compile(source));
    return compiled.get(source);
  };
}

function compile(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

/** The entry of `match` that a request meets; `{}` for a route without one. */
export function matchOf(route: Mapping, request: RouteRequest, port: number, re2: Re2): Mapping | undefined {
  const matches = listOf(route, 'match');
  if (matches.length === 0) return {};
  return matches.find((match) => meets(match, request, port, re2));
}

/** All parts have to hold (Envoy's route matching; istio/FACTS a). */
function meets(match: Mapping, request: RouteRequest, port: number, re2: Re2): boolean {
  const wanted = textOf(match, 'port');
  if (wanted !== undefined && Number(wanted) !== port) return false;
  const authority = `${request.host}`;
  return (
    (match['uri'] === undefined || isText(at(match, 'uri'), request.path, re2)) &&
    (match['method'] === undefined || isText(at(match, 'method'), request.method, re2)) &&
    (match['scheme'] === undefined || isText(at(match, 'scheme'), request.tls ? 'https' : 'http', re2)) &&
    (match['authority'] === undefined || isText(at(match, 'authority'), authority, re2)) &&
    Object.entries(at(match, 'headers')).every(([name, value]) => hasHeader(name, value, request, re2)) &&
    !Object.entries(at(match, 'withoutHeaders')).some(([name, value]) =>
      hasHeader(name, value, request, re2),
    ) &&
    // No request of the table has a query.
    Object.keys(at(match, 'queryParams')).length === 0
  );
}

function hasHeader(name: string, wanted: unknown, request: RouteRequest, re2: Re2): boolean {
  const value = headerOf(name.toLowerCase(), request);
  return value !== undefined && isText(at({ wanted }, 'wanted'), value, re2);
}

function headerOf(name: string, { headers, path, method, host, tls }: RouteRequest): string | undefined {
  if (name === ':path') return path;
  if (name === ':method') return method;
  if (name === ':authority' || name === 'host') return host;
  if (name === ':scheme' || name === 'x-forwarded-proto') return tls ? 'https' : 'http';
  return headers[name];
}

/** A regex has to match the whole text; an empty match asks for presence alone. */
export function isText(match: Mapping, text: string, re2: Re2): boolean {
  const [exact, prefix, regex] = ['exact', 'prefix', 'regex'].map((key) => textOf(match, key));
  if (exact !== undefined) return text === exact;
  if (prefix !== undefined) return text.startsWith(prefix);
  if (regex !== undefined) return re2(regex)?.matches(text) === true;
  return true;
}

/** `%REQ(A?B)%`: A, or B where there is no A. */
function firstHeader(names: readonly string[], request: RouteRequest): string {
  return names.map((name) => headerOf(name, request)).find((value) => value !== undefined) ?? '';
}

/** The values of Envoy's formatters that our objects use, for a request; `%%` is a percent sign. */
export function formatted(text: string, request: RouteRequest): string {
  return text.replace(/%%|%REQ\(([^)]+)\)%/gi, (whole, name?: string) =>
    name === undefined ? whole.slice(1) : firstHeader(name.toLowerCase().split('?'), request),
  );
}
