import { parse } from 'yaml';
import { UsageError } from '../../domain/errors.ts';
import type { Probe, ProbeRequest } from '../judge/probe.ts';
import { named } from './model-probes.ts';

/**
 * Reads requests from a file: probes as the conformance suite has them, or a HAR as browsers save it. Of a HAR, only method, URL and
 * the headers that choose a route are taken: no cookie, no credentials, no body.
 * @throws {UsageError}
 */
export function probesOfFile(text: string, file: string): Probe[] {
  try {
    const read: unknown = /^\s*\{/.test(text) ? JSON.parse(text) : parse(text);
    const probes = (read as { readonly probes?: unknown } | null)?.probes;
    const entries = (read as { readonly log?: { readonly entries?: unknown } } | null)?.log?.entries;
    if (Array.isArray(probes)) return probes.map((probe) => checked(probe as Probe));
    if (Array.isArray(entries)) return named(entries.flatMap((entry) => ofHar(entry as HarEntry)));
  } catch (error) {
    throw new UsageError(
      `${file} contains no requests: ${(error as Error).message}`,
      'Give a file of probes, or a HAR.',
    );
  }
  throw new UsageError(`${file} contains no requests.`, 'Give a YAML file with a list "probes", or a HAR.');
}

function checked(probe: Probe): Probe {
  const { name, request } = probe;
  const { scheme, host, path } = request ?? {};
  const isText = (value: unknown): boolean => typeof value === 'string' && !/[\0-\x20\x7f]/.test(value);
  if (typeof name !== 'string' || !isText(host) || !isText(path) || !/^https?$/.test(scheme ?? ''))
    throw new Error(`the probe ${JSON.stringify(name ?? '').slice(0, 80)} has no scheme, host and path`);
  return probe;
}

interface HarEntry {
  readonly request?: {
    readonly method?: string;
    readonly url?: string;
    readonly headers?: readonly { readonly name: string; readonly value: string }[];
  };
}

const kept = /^(?:accept|accept-language|origin|access-control-request-(?:method|headers))$/i;

function ofHar({ request }: HarEntry): ProbeRequest[] {
  const url = URL.canParse(request?.url ?? '') ? new URL(request?.url ?? '') : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return [];
  const headers = Object.fromEntries(
    (request?.headers ?? []).filter(({ name }) => kept.test(name)).map(({ name, value }) => [name, value]),
  );
  return [
    {
      scheme: url.protocol === 'https:' ? 'https' : 'http',
      host: url.host,
      path: url.pathname + url.search,
      ...(request?.method === undefined ? {} : { method: request.method }),
      headers,
    },
  ];
}
