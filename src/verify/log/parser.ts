import { type Field, fieldNames, fieldSteps } from './fields.ts';
import type { LogFormat } from './format.ts';
import type { LogRecord } from './record.ts';
import { type Literals, shapeOf } from './shape.ts';

/**
 * Reads the lines of one format. Lines of one shape say the same of their requests, whatever their times, clients, ids and
 * queries are; a shape holds nothing else of the line.
 */
export interface LineParser {
  /** Undefined where the line is not of the format. */
  shapeOf(line: string): string | undefined;
  /** The path of the last line that had a shape, without the query. */
  lastPath(): string;
  /** What a shape says of a request with that path. */
  recordOf(shape: string, path: string): LogRecord;
  /** The folded path in a shape. */
  pathOf(shape: string): string;
  /** The shape with another folded path. */
  withPath(shape: string, path: string): string;
}

const between = '\0';

export function lineParser(format: LogFormat, literals: Literals): LineParser {
  const { lead, steps, found } = fieldSteps(format);
  const named = Object.fromEntries(fieldNames.map((name) => [name, found[name] !== undefined])) as Record<
    Field,
    boolean
  >;
  const slot = Object.fromEntries(fieldNames.map((name, index) => [name, index])) as Record<Field, number>;
  const schemeOf = schemeReader(found.scheme);
  const hostless = found.host === 'server_name' ? '_' : '';
  const values = new Array<string>(fieldNames.length).fill('');
  const decoded = (text: string): string =>
    text.includes('\\') && format.escape !== 'none' ? unescaped(text) : text;

  const fill = (line: string): boolean => {
    if (!line.startsWith(lead)) return false;
    let at = lead.length;
    for (const { until, list, field } of steps) {
      let end = line.length;
      if (until !== undefined) {
        end = line.indexOf(until, at);
        while (list && end !== -1 && isInList(line, end)) end = line.indexOf(until, end + 1);
        if (end === -1) return false;
      }
      if (field !== -1) values[field] = line.slice(at, end);
      at = until === undefined ? end : end + until.length;
    }
    return at === line.length;
  };

  let last = '';
  return {
    shapeOf(line) {
      if (!fill(line)) return undefined;
      const status = values[slot.status]!;
      if (!isStatus(status)) return undefined;
      let method = named.method ? values[slot.method]! : '';
      let path = named.path ? values[slot.path]! : '';
      let scheme = '?';
      if (named.request) {
        const request = values[slot.request]!;
        const first = request.indexOf(' ');
        const end = request.lastIndexOf(' ');
        const whole = first > 0 && end > first && request.startsWith('HTTP/', end + 1);
        if (!named.method) method = whole ? request.slice(0, first) : '';
        if (!named.path) path = whole ? request.slice(first + 1, end) : '';
        // HTTP/2 is spoken over TLS alone (nginx.tmpl, buildHTTPListener).
        const version = request.charCodeAt(end + 6);
        if (whole && (version === 50 || version === 51)) scheme = '1';
      }
      const query = path.indexOf('?');
      last = decoded(query === -1 ? path : path.slice(0, query));
      if (scheme === '?' && named.scheme) scheme = schemeOf(values[slot.scheme]!);
      const head = `${method}${between}${shapeOf(last, literals)}${between}${query === -1 ? '' : '?'}${between}${status}${between}${scheme}${between}`;
      const host = named.host ? values[slot.host]! : '';
      const upstream = named.upstream ? `=${values[slot.upstream]}` : '';
      const alternative = named.alternative ? `=${values[slot.alternative]}` : '';
      const tries = named.tries ? triesOf(values[slot.tries]!) : '';
      return `${head}${host}${between}${upstream}${between}${alternative}${between}${tries}`;
    },
    lastPath: () => last,
    pathOf: (shape) => utf8(shape.split(between)[1] ?? ''),
    withPath(shape, path) {
      const start = shape.indexOf(between) + 1;
      return shape.slice(0, start) + path + shape.slice(shape.indexOf(between, start));
    },
    recordOf(shape, path) {
      const [method = '', , query, status, scheme, host = '', upstream = '', alternative = '', tries = ''] =
        shape.split(between);
      const name = decoded(host).toLowerCase();
      const text = utf8(path);
      return {
        method: /^[A-Za-z][A-Za-z_-]{0,31}$/.test(method) ? method : '',
        path: text.startsWith('/') || text === '*' ? text : pathOfUri(text),
        hasQuery: query === '?',
        status: Number(status),
        host: ['', '-', hostless].includes(name) ? undefined : name,
        tls: scheme === '?' ? undefined : scheme === '1',
        upstream: upstream === '' ? undefined : upstream.slice(1),
        alternative: alternative === '' ? undefined : unmarked(alternative),
        tries: tries === '' ? undefined : Number.parseInt(tries, 10),
        redirected: tries.endsWith(':'),
      };
    },
  };
}

/** Whether what stands here separates two tries, and not two variables. */
function isInList(line: string, end: number): boolean {
  return (
    line[end - 1] === ',' || line.startsWith(' : ', end) || (line[end - 1] === ':' && line[end - 2] === ' ')
  );
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

function unmarked(marked: string): string {
  const value = marked.slice(1);
  return value === '-' ? '' : value;
}

/** Lines are read byte by byte. */
function utf8(bytes: string): string {
  return /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
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
