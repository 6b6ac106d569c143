import { inside } from '../../../domain/origin.ts';
import type { Outcome, OutcomeStatus } from '../../../domain/outcome.ts';
import { type Directive, parseDirectives, walk } from '../../../nginx/directives/parse.ts';
import { toConstant } from '../../../nginx/variables.ts';
import type { AuthSnippet } from './check.ts';

/** What an auth-snippet changes of the question. */
export interface SnippetSettings {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly method: string | undefined;
  /** Whether the question has the client's headers. */
  readonly clientHeaders: boolean;
  /** Variables with one value, those of the location among them. */
  readonly constants: ReadonlyMap<string, string>;
}

export interface SnippetResult {
  readonly settings: SnippetSettings;
  /** The first directive that cannot be carried over: its location has to be closed. */
  readonly unknown: string | undefined;
  readonly outcomes: readonly Outcome[];
}

/** Directives that say how nginx moves the bytes of the question, and not what it asks. */
const transport =
  /^(?:proxy_(?:buffer\w*|buffers|busy_buffers_size|request_buffering|max_temp_file_size|http_version|(?:connect|read|send)_timeout|socket_keepalive|pass_request_body|ssl_server_name|ssl_session_reuse|ssl_protocols|ssl_ciphers|cache_\w+|intercept_errors)|client_(?:max_body_size|body_buffer_size)|access_log|error_log|keepalive_\w+|resolver\w*)$/;

/** Reads an auth-snippet, which stands in the internal location that asks (ingress-nginx 1.15.1, template/nginx.tmpl). */
export function readAuthSnippet(
  snippet: AuthSnippet | undefined,
  constants: ReadonlyMap<string, string>,
): SnippetResult {
  const known = new Map(constants);
  const headers: [string, string][] = [];
  const outcomes: Outcome[] = [];
  let method: string | undefined;
  let clientHeaders = true;
  let unknown: string | undefined;
  const parsed = parseDirectives(snippet?.text ?? '');
  if (parsed.problem !== undefined) unknown = parsed.problem.message;
  const judge = (directive: Directive): readonly [OutcomeStatus, string] => {
    const [first = '', second = ''] = directive.args.map(({ text }) => text);
    if (directive.block === undefined) {
      switch (directive.name) {
        case 'proxy_set_header':
          headers.push([first, second]);
          return ['converted', ''];
        case 'proxy_method':
          method = first;
          return ['converted', ''];
        case 'proxy_pass_request_headers':
          clientHeaders = first !== 'off';
          return ['converted', ''];
        case 'set': {
          const value = toConstant(second, { host: undefined, constants: known });
          if (value === undefined) break;
          known.set(first.replace(/^\$/, ''), value);
          return ['converted', ''];
        }
        case 'auth_request_set':
          // Nothing is asked in this location itself.
          known.set(first.replace(/^\$/, ''), '');
          return ['no-effect-today', 'The variable is empty: nothing is asked inside of the question.'];
        case 'proxy_ssl_verify':
          if (first === 'off') return ['no-effect-today', 'It is off already.'];
          break;
        default:
          if (transport.test(directive.name))
            return ['not-needed', 'It says how nginx moves bytes, and not what it asks.'];
      }
    }
    unknown ??= directive.text.replace(/\s+/g, ' ').slice(0, 100);
    return ['closed', 'It may decide who gets in, and has no counterpart.'];
  };
  for (const directive of parsed.directives) {
    const [status, reason] = judge(directive);
    for (const one of walk([directive])) outcomes.push(outcomeOf(one, status, reason, snippet!));
  }
  return {
    settings: { headers, method, clientHeaders, constants: known },
    unknown,
    outcomes,
  };
}

function outcomeOf(
  directive: Directive,
  status: OutcomeStatus,
  reason: string,
  { origin }: AuthSnippet,
): Outcome {
  return {
    subject: {
      kind: 'directive',
      name: directive.name,
      value: directive.text.replace(/\s+/g, ' ').slice(0, 200),
      origin: inside(origin, `line ${directive.line}:${directive.column}`),
    },
    status,
    fidelity: status === 'converted' ? 'exact' : status === 'not-needed' ? 'not-needed' : undefined,
    targets: [],
    reason,
    findings: [],
  };
}
