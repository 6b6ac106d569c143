import { UsageError } from '../../domain/errors.ts';

/** A part of a `log_format`: a text as it stands, or a variable of nginx. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

/** How nginx writes what may not stand in a value (ngx_http_log_module, `escape=`). */
export type Escape = 'default' | 'json' | 'none';

/** A `log_format`, as the controller gives it to nginx. */
export interface LogFormat {
  readonly pieces: readonly Piece[];
  readonly escape: Escape;
}

/** `log-format-upstream` where the ConfigMap says nothing (ingress-nginx 1.15.1, controller/config/config.go). */
export const usualFormat =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  '$request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr ' +
  '$upstream_response_length $upstream_response_time $upstream_status $req_id';

/** The format that the controller's ConfigMap asks for. */
export function controllerFormat(config: ReadonlyMap<string, string>): LogFormat {
  const written = config.get('log-format-upstream');
  return parseFormat(
    written === undefined || written === '' ? usualFormat : written,
    controllerEscape(config) ?? 'default',
  );
}

/** The escaping that the ConfigMap asks for; the template asks for `none` first (nginx.tmpl). */
export function controllerEscape(config: ReadonlyMap<string, string>): Escape | undefined {
  const isTrue = (key: string): boolean => config.get(key)?.trim() === 'true';
  if (isTrue('log-format-escape-none')) return 'none';
  return isTrue('log-format-escape-json') ? 'json' : undefined;
}

/**
 * Takes a format apart. The controller writes it between single quotes, where nginx knows a few escapes.
 * @throws {UsageError} it spans several lines, or its requests cannot be told: no status, or neither method nor path
 */
export function parseFormat(source: string, escaping: Escape): LogFormat {
  const text = source
    .replace(/\s+$/, '')
    .replace(/\\(['"\\tnr])/g, (_whole, letter: string) => unescaped[letter] ?? letter);
  if (text.includes('\n')) {
    throw new UsageError(
      'The log format writes several lines for a request.',
      'Join its lines: in YAML, write it with >- instead of |.',
    );
  }
  const pieces = text
    .split(/(\$\{[A-Za-z0-9_]+\}|\$[A-Za-z0-9_]+)/)
    .filter((part) => part !== '')
    .map((part): Piece => {
      const name = /^\$\{?([A-Za-z0-9_]+)\}?$/.exec(part)?.[1];
      return name === undefined ? { kind: 'text', text: part } : { kind: 'variable', name };
    });
  const names = new Set(pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : [])));
  const has = (...some: readonly string[]): boolean => some.some((name) => names.has(name));
  const complete = has('status') && (has('request') || has('request_uri', 'uri', 'document_uri'));
  if (!complete) {
    throw new UsageError(
      'The log format has no status, or no path.',
      'It needs $status, and $request or $request_uri; give the format of your log with --log-format.',
    );
  }
  return { pieces, escape: escaping };
}

const unescaped: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };
