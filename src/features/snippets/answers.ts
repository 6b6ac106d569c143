import type { Finding } from '../../domain/findings.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import { toConstant, toEnvoyFormat } from '../../nginx/variables.ts';
import type { Answer, AnswerEffect, Condition } from '../../plan/answer-effect.ts';
import { literal } from '../../plan/format.ts';
import { connectionClosed, valueDiffers } from './findings.ts';
import { unknownVariable } from './operations.ts';
import {
  converted,
  manual,
  refusedByNginx,
  type Scope,
  shorten,
  tell,
  type Verdict,
  withFields,
} from './scope.ts';

const redirects = new Set([301, 302, 303, 307, 308]);
export const answerFields = ['status', 'location', 'upstream', 'path', 'method', 'host'] as const;

/** The answer of a `return`, or the verdict that there is none. */
type Read =
  | { readonly answer: Answer; readonly findings: readonly Finding[] }
  | { readonly verdict: Verdict };

export function effectOf(scope: Scope, answer: Answer, more?: Condition): AnswerEffect {
  const when = { ...scope.guard?.when, ...more };
  const headers = { ...scope.guard?.when.headers, ...more?.headers };
  const condition = Object.keys(headers).length > 0 ? { ...when, headers } : when;
  return {
    kind: 'answer',
    phase: scope.place === 'location' ? 'snippet' : 'server-snippet',
    ...(Object.keys(condition).length > 0 && { when: condition }),
    answer,
  };
}

export function returns(directive: Directive, scope: Scope): Verdict {
  const read = readReturn(directive, scope);
  if ('verdict' in read) return read.verdict;
  return converted(
    [effectOf(scope, read.answer)],
    read.findings.length > 0 ? 'equivalent' : 'exact',
    read.findings,
  );
}

/** `return code`, `return code text`, `return code URL` and `return URL` (ngx_http_rewrite_module.c, ngx_http_rewrite_return). */
function readReturn(directive: Directive, scope: Scope): Read {
  const [first = '', text] = directive.args.map((word) => word.text);
  const count = directive.args.length;
  const status = /^\d{1,3}$/.test(first) ? Number(first) : undefined;
  if (count === 0 || count > 2)
    return { verdict: refusedByNginx(directive, scope, 'it takes a code and a string, or a URL') };
  if (status === undefined) {
    if (count === 2 || !/^(?:https?:\/\/|\$scheme)/i.test(first))
      return { verdict: refusedByNginx(directive, scope, 'it has neither a code below 1000 nor a URL') };
    return redirectTo(directive, scope, 302, first);
  }
  if (redirects.has(status)) return redirectTo(directive, scope, status, text ?? '');
  if (status < 200)
    return unanswerable(directive, scope, `a gateway cannot answer with the status ${status}.`);
  const findings = status === 444 ? [tell(connectionClosed, {}, directive, scope)] : [];
  if (text === undefined || text === '' || status === 204) return { answer: { status }, findings };
  const body = toConstant(text, scope.variables);
  if (body === undefined)
    return unanswerable(
      directive,
      scope,
      'the body contains a variable, and the gateway can only return a fixed string.',
    );
  return {
    answer: { status, body, headers: { set: { 'content-type': literal(scope.defaultType) } } },
    findings,
  };
}

function unanswerable(directive: Directive, scope: Scope, reason: string): Read {
  const remedy = 'Let a small service answer, or write an EnvoyFilter (Lua).';
  return { verdict: manual(directive, scope, { reason, remedy, fields: answerFields }) };
}

/** Sends `Location` as nginx would: a path alone is made a URL of the request's scheme and host. */
export function redirectTo(directive: Directive, scope: Scope, status: number, url: string): Read {
  if (url === '') return unanswerable(directive, scope, 'a redirect without a target has no counterpart.');
  const format = toEnvoyFormat(url, { ...scope.variables, use: 'response' });
  if (!format.ok)
    return {
      verdict: manual(directive, scope, {
        reason: unknownVariable(format),
        remedy: 'Write the redirect with fixed text, or with $host and $request_uri.',
        fields: answerFields,
      }),
    };
  const location =
    format.value.startsWith('/') && !scope.relativeRedirects
      ? `${ownUrl(scope)}${format.value}`
      : format.value;
  const findings = format.differences.map((difference) =>
    tell(
      withFields(valueDiffers, ['location']),
      { directive: shorten(directive.text), difference },
      directive,
      scope,
    ),
  );
  return { answer: { status, headers: { set: { location } } }, findings };
}

function ownUrl({ variables }: Scope): string {
  return `%REQ(X-FORWARDED-PROTO)%://${variables.host === undefined ? '%REQ(:AUTHORITY)%' : literal(variables.host)}`;
}
