import type { LogFormat, Piece } from './format.ts';
import type { LogRecord } from './record.ts';

/**
 * Reads the lines of one format. Two lines with the same key say the same of their requests, whatever their times, clients
 * and queries are; the key holds nothing else of the line.
 */
export interface LineParser {
  /** Undefined where the line is not of the format. */
  keyOf(line: string): string | undefined;
  recordOf(key: string): LogRecord;
}

/** What a variable tells of a request. Of two that tell the same, the one that is named first here counts. */
const roles = {
  request: ['request'],
  method: ['request_method'],
  path: ['request_uri', 'uri', 'document_uri'],
  status: ['status'],
  host: ['host', 'http_host', 'best_http_host', 'server_name'],
  scheme: ['scheme', 'pass_access_scheme', 'https', 'ssl_protocol', 'ssl_cipher', 'server_port', 'pass_server_port'],
  upstream: ['proxy_upstream_name'],
  alternative: ['proxy_alternative_upstream_name'],
  tries: ['upstream_addr', 'upstream_status'],
} as const;
type Role = keyof typeof roles;
const roleNames = Object.keys(roles) as readonly Role[];

/** Of several upstreams that were tried, nginx writes a list: `10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80`. */
const listed = /^upstream_(?:addr|status|response_time|response_length|connect_time|header_time|bytes_received|bytes_sent|cache_status)$/;

interface Step {
  /** The text that ends the variable; undefined: the end of the line does. */
  readonly until: string | undefined;
  readonly list: boolean;
  /** Where the value goes; -1 where nobody needs it. */
  readonly slot: number;
}

const between = '\0';

export function lineParser(format: LogFormat): LineParser {
  const { lead, steps, found } = stepsOf(format.pieces);
  const has = (role: Role): boolean => found[role] !== undefined;
  const slot = Object.fromEntries(roleNames.map((role, index) => [role, index])) as Record<Role, number>;
  const schemeOf = schemeReader(found.scheme);
  const hostless = found.host === 'server_name' ? '_' : '';
  const values = new Array<string>(roleNames.length).fill('');
  const decoded = (text: string): string =>
    text.includes('\\') && format.escape !== 'none' ? unescaped(text) : text;

  const fill = (line: string): boolean => {
    if (!line.startsWith(lead)) return false;
    let at = lead.length;
    for (const { until, list, slot } of steps) {
      let end = line.length;
      if (until !== undefined) {
        end = line.indexOf(until, at);
        while (list && end !== -1 && isInList(line, end)) end = line.indexOf(until, end + 1);
        if (end === -1) return false;
      }
      if (slot !== -1) values[slot] = line.slice(at, end);
      at = until === undefined ? end : end + until.length;
    }
    return at === line.length;
  };

  return {
    keyOf(line) {
      if (!fill(line)) return undefined;
      const status = values[slot.status]!;
      if (!isStatus(status)) return undefined;
      let method = has('method') ? values[slot.method]! : '';
      let path = has('path') ? values[slot.path]! : '';
      let http2 = false;
      if (has('request')) {
        const request = values[slot.request]!;
        const first = request.indexOf(' ');
        const last = request.lastIndexOf(' ');
        http2 = request.startsWith('HTTP/2', last + 1) || request.startsWith('HTTP/3', last + 1);
        const whole = first > 0 && last > first && request.startsWith('HTTP/', last + 1);
        if (!has('method')) method = whole ? request.slice(0, first) : '';
        if (!has('path')) path = whole ? request.slice(first + 1, last) : '';
      }
      const query = path.indexOf('?');
      if (query !== -1) path = path.slice(0, query + 1);
      // HTTP/2 is spoken over TLS alone (nginx.tmpl, buildHTTPListener).
      const scheme = http2 ? '1' : has('scheme') ? schemeOf(values[slot.scheme]!) : '?';
      return `${method}${between}${path}${between}${status}${between}${has('host') ? values[slot.host] : ''}${between}${scheme}${between}${has('upstream') ? `=${values[slot.upstream]}` : ''}${between}${has('alternative') ? `=${values[slot.alternative]}` : ''}${between}${has('tries') ? triesOf(values[slot.tries]!) : ''}`;
    },
    recordOf(key) {
      const [method = '', path = '', status, host = '', scheme, upstream = '', alternative = '', tries] = key.split(between);
      const read = decoded(path);
      const name = decoded(host).toLowerCase();
      return {
        method: /^[A-Za-z][A-Za-z_-]{0,31}$/.test(method) ? method : '',
        path: read.startsWith('/') || read === '*' ? read.replace(/\?$/, '') : pathOfUri(read.replace(/\?$/, '')),
        hasQuery: read.endsWith('?'),
        status: Number(status),
        host: ['', '-', hostless].includes(name) ? undefined : name,
        tls: scheme === '?' ? undefined : scheme === '1',
        upstream: upstream === '' ? undefined : upstream.slice(1),
        alternative: alternative === '' ? undefined : valueOf(alternative),
        tries: tries === undefined || tries === '' ? undefined : Number.parseInt(tries, 10),
        redirected: tries?.endsWith(':') === true,
      };
    },
  };
}

function stepsOf(pieces: readonly Piece[]): {
  readonly lead: string;
  readonly steps: readonly Step[];
  readonly found: Readonly<Partial<Record<Role, string>>>;
} {
  const names = pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : []));
  const found: Partial<Record<Role, string>> = {};
  for (const role of roleNames) {
    const name = roles[role].find((one) => names.includes(one));
    if (name !== undefined) found[role] = name;
  }
  const taken = new Set<string>();
  const steps: Step[] = [];
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'text') continue;
    const role = roleNames.find((one) => found[one] === piece.name);
    const next = pieces[index + 1];
    steps.push({
      until: next === undefined ? undefined : next.kind === 'text' ? next.text : '',
      list: listed.test(piece.name),
      slot: role === undefined || taken.has(piece.name) ? -1 : roleNames.indexOf(role),
    });
    taken.add(piece.name);
  }
  const first = pieces[0];
  return { lead: first?.kind === 'text' ? first.text : '', steps, found };
}

/** Whether what stands here separates two tries, and not two variables. */
function isInList(line: string, end: number): boolean {
  return line[end - 1] === ',' || line.startsWith(' : ', end) || (line[end - 1] === ':' && line[end - 2] === ' ');
}

function isStatus(text: string): boolean {
  if (text.length !== 3) return false;
  for (let index = 0; index < 3; index++) {
    const code = text.charCodeAt(index);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/** How many upstreams were asked: none for `-`; with a colon where there was an internal redirect between two of them. */
function triesOf(value: string): string {
  if (value === '' || value === '-') return '0';
  let count = 1;
  for (let at = value.indexOf(', '); at !== -1; at = value.indexOf(', ', at + 1)) count++;
  return value.includes(' : ') ? `${count + 1}:` : String(count);
}

/** '1' for HTTPS, '0' for HTTP, '?' where the value does not say. */
function schemeReader(variable: string | undefined): (value: string) => string {
  switch (variable) {
    case 'scheme':
    case 'pass_access_scheme':
      return (value) => (value === 'https' ? '1' : value === 'http' ? '0' : '?');
    case 'https':
      return (value) => (value === 'on' ? '1' : '0');
    case 'ssl_protocol':
    case 'ssl_cipher':
      return (value) => (value === '' || value === '-' ? '0' : '1');
    default:
      return (value) => (value === '443' ? '1' : value === '80' ? '0' : '?');
  }
}

function valueOf(marked: string): string {
  const value = marked.slice(1);
  return value === '-' ? '' : value;
}

/** A request may name the whole URI, as for a proxy. */
function pathOfUri(uri: string): string {
  return /^https?:\/\/[^/?#]*(\/.*)$/i.exec(uri)?.[1] ?? '';
}

/** What nginx escapes in a log: `\x22`, and with `escape=json` also `\"`, `\\`, `\n` and `\u0022`. */
function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))/gs, (_whole, byte, unit, letter) => {
    const code = (byte ?? unit) as string | undefined;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[letter as string] ?? letter;
  });
}
