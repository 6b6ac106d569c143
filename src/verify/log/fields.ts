import type { LogFormat, Piece } from './format.ts';

/** What a variable tells of a request. Of two that tell the same, the one that is named first here counts. */
const variables = {
  request: ['request'],
  method: ['request_method'],
  path: ['request_uri', 'uri', 'document_uri'],
  status: ['status'],
  host: ['host', 'http_host', 'best_http_host', 'server_name'],
  scheme: [
    'scheme',
    'pass_access_scheme',
    'https',
    'ssl_protocol',
    'ssl_cipher',
    'server_port',
    'pass_server_port',
  ],
  upstream: ['proxy_upstream_name'],
  alternative: ['proxy_alternative_upstream_name'],
  tries: ['upstream_addr', 'upstream_status'],
} as const;

export type Field = keyof typeof variables;
export const fieldNames = Object.keys(variables) as readonly Field[];

/** Of several upstreams that were tried, nginx writes a list: `10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80`. */
const listed =
  /^upstream_(?:addr|status|response_time|response_length|connect_time|header_time|bytes_received|bytes_sent|cache_status)$/;

/** A variable of the format and the text that ends it. */
export interface FieldStep {
  /** Undefined: the end of the line does. */
  readonly until: string | undefined;
  /** Whether what looks like the end may separate two tries. */
  readonly list: boolean;
  /** Index into `fieldNames`; -1 where nobody needs the value. */
  readonly field: number;
}

/** A format as the way through its lines. */
export interface FieldSteps {
  /** What every line begins with. */
  readonly lead: string;
  readonly steps: readonly FieldStep[];
  /** The variable that tells a field; absent where the format has none. */
  readonly found: Readonly<Partial<Record<Field, string>>>;
}

export function fieldSteps({ pieces }: LogFormat): FieldSteps {
  const names = pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : []));
  const found: Partial<Record<Field, string>> = {};
  for (const field of fieldNames) {
    const name = variables[field].find((one) => names.includes(one));
    if (name !== undefined) found[field] = name;
  }
  const taken = new Set<string>();
  const steps: FieldStep[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'text') continue;
    const field = fieldNames.findIndex((one) => found[one] === piece.name);
    steps.push({
      until: endOf(pieces[index + 1]),
      list: listed.test(piece.name),
      field: taken.has(piece.name) ? -1 : field,
    });
    taken.add(piece.name);
  }
  const [first] = pieces;
  return { lead: first?.kind === 'text' ? first.text : '', steps, found };
}

/** Of two variables without a text between them, the second one has all. */
function endOf(next: Piece | undefined): string | undefined {
  if (next === undefined) return undefined;
  return next.kind === 'text' ? next.text : '';
}
