import { type Directive, parseDirectives } from '../nginx/directives/parse.ts';
import type { Location } from '../nginx/model.ts';
import type { NginxContext } from './nginx-context.ts';
import type { RouteRequest } from './route.ts';

/** What the snippets that act on a location say, as far as the table can hold it. */
export interface SnippetReading {
  /** Headers; `(removed)` for those that are taken away. */
  readonly response: ReadonlyMap<string, string>;
  /** Names of those which `add_header` writes beside one that is there already. */
  readonly added: ReadonlySet<string>;
  readonly request: ReadonlyMap<string, string>;
  /** `return`: the status, and where to. */
  readonly answer: string | undefined;
  /** Directives that were not read, sorted. */
  readonly unread: readonly string[];
}

/** Snippets of the controller, of the server and of the location, in nginx's order; nothing where snippets are off. */
export function readSnippets(
  location: Location,
  request: RouteRequest,
  context: NginxContext,
): SnippetReading {
  const { model, settings } = context;
  const response = new Map<string, string>();
  const sent = new Map<string, string>();
  const unread = new Set<string>();
  const added = new Set<string>();
  let answer: string | undefined;
  const serverSnippet = location.server.ingresses
    .map(({ annotations }) => annotations.get('server-snippet')?.value)
    .find((value) => value !== undefined);
  const own = location.owner.annotations.get('configuration-snippet')?.value;
  const texts = [
    settings.global('http-snippet'),
    settings.global('server-snippet'),
    ...(model.controller.snippets ? [serverSnippet] : []),
    settings.global('location-snippet'),
    ...(model.controller.snippets ? [own] : []),
  ];
  for (const text of texts) {
    for (const directive of text === undefined ? [] : parseDirectives(String(text)).directives) {
      const effect = effectOf(directive, request);
      const unknown =
        effect === undefined ||
        (effect.kind !== 'answer' && effect.headers.some(([, value]) => variable.test(value)));
      if (unknown) unread.add(directive.name);
      else if (effect.kind === 'answer') answer ??= effect.value;
      else
        for (const [name, value] of effect.headers) {
          (effect.kind === 'request' ? sent : response).set(name, value);
          if (directive.name === 'add_header') added.add(name);
        }
    }
  }
  return { response, added, request: sent, answer, unread: [...unread].sort() };
}

/** A variable whose value is not known. */
const variable = /\$[a-z_{]/i;

type Effect =
  | { readonly kind: 'answer'; readonly value: string }
  | { readonly kind: 'request' | 'response'; readonly headers: readonly (readonly [string, string])[] };

function effectOf({ name, args, block }: Directive, request: RouteRequest): Effect | undefined {
  const words = args.map(({ text }) => text);
  if (block !== undefined || words.length === 0) return undefined;
  const value = (text: string): string => expanded(text, request);
  switch (name) {
    case 'more_set_headers':
      if (words.some((word) => word.startsWith('-'))) return undefined;
      return { kind: 'response', headers: words.map((word) => headerLine(value(word))) };
    case 'more_clear_headers':
      if (words.some((word) => word.startsWith('-') || word.includes('*'))) return undefined;
      return { kind: 'response', headers: words.map((word) => [word.toLowerCase(), '(removed)']) };
    case 'add_header':
      return { kind: 'response', headers: [[words[0]!.toLowerCase(), value(words[1] ?? '')]] };
    case 'proxy_hide_header':
      return { kind: 'response', headers: [[words[0]!.toLowerCase(), '(removed)']] };
    case 'more_set_input_headers':
      if (words.some((word) => word.startsWith('-'))) return undefined;
      return { kind: 'request', headers: words.map((word) => headerLine(value(word))) };
    case 'proxy_set_header': {
      const set = value(words[1] ?? '');
      return { kind: 'request', headers: [[words[0]!.toLowerCase(), set === '' ? '(removed)' : set]] };
    }
    case 'return': {
      const [first = '', second] = words;
      if (/^https?:|^\$/.test(first)) return { kind: 'answer', value: `302 ${value(first)}` };
      const redirects = /^30[12378]$/.test(first) && second !== undefined;
      return { kind: 'answer', value: redirects ? `${first} ${value(second)}` : first };
    }
    default:
      return undefined;
  }
}

function headerLine(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  const [name, value] = colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
  return [name.trim().toLowerCase(), value === '' ? '(removed)' : value];
}

/** Variables of nginx whose value the request itself says. */
export function expanded(text: string, { host, path, tls, method, headers }: RouteRequest): string {
  return text.replace(/\$\{?([a-z_0-9]+)\}?/gi, (whole, name: string) => {
    if (name === 'host' || name === 'http_host' || name === 'best_http_host') return host;
    if (name === 'scheme' || name === 'pass_access_scheme') return tls ? 'https' : 'http';
    if (name === 'request_uri' || name === 'uri' || name === 'document_uri') return path;
    if (name === 'request_method') return method;
    if (name.startsWith('http_')) return headers[name.slice(5).replaceAll('_', '-')] ?? '';
    return name === 'is_args' || name === 'args' || name === 'query_string' ? '' : whole;
  });
}
