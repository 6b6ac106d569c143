import type { Finding } from '../../domain/findings.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import { piecesOf, toConstant } from '../../nginx/variables.ts';
import type { Answer, Condition } from '../../plan/answer-effect.ts';
import { answerFields, effectOf, redirectTo } from './answers.ts';
import { queryDiffers, staysInLocation } from './findings.ts';
import { searchWithin, wholePath } from './patterns.ts';
import { converted, manual, refusedByNginx, type Scope, shorten, tell, type Verdict } from './scope.ts';

/** What a pattern asks of the path, as a match of Envoy's `:path`, which holds the query; undefined for every path. */
function pathCondition(pattern: string): Condition | undefined | 'unsupported' {
  if (
    [
      '',
      '^',
      '/',
      '^/',
      '.*',
      '(.*)',
      '^(.*)$',
      '^/(.*)$',
      '^/(.*)',
      '^(.*)',
      '^.*$',
      '^/.*$',
      '^/?(.*)$',
      '^.+$',
      '^/.*',
      '^.*',
    ].includes(pattern)
  )
    return undefined;
  const search = searchWithin(pattern, false, '?');
  return search === undefined
    ? 'unsupported'
    : { headers: { ':path': { regex: `(?:${search})(?:\\?.*)?` } } };
}

/** `rewrite` with its four ends. It searches the pattern in the decoded path, and replaces the path whole. */
export function rewrites(directive: Directive, scope: Scope, locations: number): Verdict {
  const [pattern = '', target = '', flag] = directive.args.map((word) => word.text);
  const valid = flag === undefined || ['last', 'break', 'redirect', 'permanent'].includes(flag);
  if (directive.args.length < 2 || directive.args.length > 3 || !valid)
    return refusedByNginx(
      directive,
      scope,
      'it takes a pattern, a replacement and one of last, break, redirect and permanent',
    );
  const absolute = /^(?:https?:\/\/|\$scheme)/i.test(target);
  if (flag === 'permanent' || flag === 'redirect' || absolute)
    return rewriteRedirect(directive, scope, flag === 'permanent' ? 301 : 302, pattern, target);
  if (scope.place !== 'location' || scope.guard !== undefined)
    return manual(directive, scope, {
      reason: 'it changes the path before a location is chosen, or only for some requests.',
      remedy: 'Write a route for the old path with a rewrite in the VirtualService.',
      fields: answerFields,
    });
  return rewritePath(directive, scope, pattern, target, flag, locations);
}

function rewriteRedirect(
  directive: Directive,
  scope: Scope,
  status: number,
  pattern: string,
  target: string,
): Verdict {
  const requested = pathCondition(pattern);
  const beyond = (reason: string): Verdict =>
    manual(directive, scope, {
      reason,
      remedy:
        'Write redirects with fixed paths, or an EnvoyFilter with redirect.regex_rewrite on a route of its own.',
      fields: answerFields,
    });
  if (requested === 'unsupported') return beyond('its pattern has no counterpart in RE2, which Envoy uses.');
  const own = scope.guard?.when;
  if (requested !== undefined && own?.headers?.[':path'] !== undefined)
    return beyond('two conditions on the path cannot be put together.');
  const dropsQuery = target.endsWith('?');
  const url = wholeRequest(pattern, dropsQuery ? target.slice(0, -1) : target, dropsQuery);
  if (url === undefined)
    return beyond('a redirect of a VirtualService cannot take parts of the path into its target.');
  const read = redirectTo(directive, scope, status, url.text);
  if ('verdict' in read) return read.verdict;
  const findings = [...read.findings];
  if (url.query !== undefined)
    findings.push(
      tell(queryDiffers, { directive: shorten(directive.text), difference: url.query }, directive, scope),
    );
  const answer = url.keepsQuery ? withQuery(read.answer, url.text, scope) : read.answer;
  return converted(
    [effectOf(scope, answer, requested)],
    findings.length > 0 ? 'equivalent' : 'exact',
    findings,
  );
}

interface RedirectTarget {
  readonly text: string;
  /** The query of the request has to be put behind a fixed target. */
  readonly keepsQuery: boolean;
  readonly query?: string;
}

/** The target without captures: the first group of a pattern for the whole path is the path. Undefined where others are used. */
function wholeRequest(pattern: string, target: string, dropsQuery: boolean): RedirectTarget | undefined {
  let text = target;
  if (['(.*)', '^(.*)$', '^(.*)'].includes(pattern)) text = text.replace(/\$1|\$\{1\}/, '$request_uri');
  else if (['^/(.*)$', '^/(.*)'].includes(pattern)) text = text.replace(/\/(?:\$1|\$\{1\})/, '$request_uri');
  if (piecesOf(text).some((piece) => 'variable' in piece && /^\d$/.test(piece.variable))) return undefined;
  const whole = /\$\{?request_uri\}?/.test(text);
  if (!whole && /^https?:\/\/[^/?#]+$/i.test(text) && !dropsQuery)
    return whole
      ? undefined
      : {
          text,
          keepsQuery: false,
          query: 'nginx puts the query of the request behind the target; the gateway drops it.',
        };
  if (!whole)
    return {
      text,
      keepsQuery: !dropsQuery && !text.includes('?'),
      ...(text.includes('?') && {
        query:
          'nginx puts the query of the request behind that of the target; the gateway sends the target as it is.',
      }),
    };
  const written = /\$\{?request_uri\}?/.test(target);
  if (written && !dropsQuery)
    return {
      text,
      keepsQuery: false,
      query: 'nginx puts the query of the request behind the target once more; the gateway sends it once.',
    };
  if (!written && dropsQuery)
    return { text, keepsQuery: false, query: 'nginx drops the query of the request; the gateway keeps it.' };
  return { text, keepsQuery: false };
}

/** A redirect of the VirtualService keeps the query, a fixed Location does not; a target with variables has to be fixed. */
function withQuery(answer: Answer, url: string, scope: Scope): Answer {
  const constant = toConstant(url, scope.variables);
  const parts =
    constant === undefined ? undefined : /^(?:(https?):\/\/([^/?#]+))?(\/[^?#]*)?$/i.exec(constant);
  if (parts === undefined || parts === null || !('status' in answer)) return answer;
  const [, scheme, authority, uri] = parts;
  return {
    redirect: {
      ...(scheme !== undefined && { scheme: scheme.toLowerCase() }),
      ...(authority !== undefined && { authority }),
      uri: uri ?? '/',
      redirectCode: answer.status,
    },
  };
}

function rewritePath(
  directive: Directive,
  scope: Scope,
  pattern: string,
  target: string,
  flag: string | undefined,
  locations: number,
): Verdict {
  const beyond = (reason: string): Verdict =>
    manual(directive, scope, {
      reason,
      remedy: 'Use the annotation rewrite-target, or write the route with uriRegexRewrite manually.',
      fields: ['path', 'upstream', 'status'],
    });
  const whole = wholePath(pattern);
  if (whole === undefined) return beyond('its pattern has no counterpart in RE2, which Envoy uses.');
  const dropsQuery = target.endsWith('?');
  const path = dropsQuery ? target.slice(0, -1) : target;
  if (path.includes('?')) return beyond('a rewrite of a VirtualService cannot add to the query.');
  if (!path.startsWith('/') && !/^\$[1-9]/.test(path)) return beyond('its target is not a path.');
  let rewrite = '';
  for (const piece of piecesOf(path)) {
    if ('literal' in piece) rewrite += piece.literal.replaceAll('\\', '\\\\');
    else if (/^\d$/.test(piece.variable)) {
      if (Number(piece.variable) > whole.groups) continue;
      rewrite += `\\${piece.variable}`;
    } else {
      const constant = toConstant(`$${piece.variable}`, scope.variables);
      if (constant === undefined)
        return beyond(`a rewrite of a VirtualService can't contain $${piece.variable}.`);
      rewrite += constant.replaceAll('\\', '\\\\');
    }
  }
  const findings: Finding[] = [];
  if (dropsQuery)
    findings.push(
      tell(
        queryDiffers,
        {
          directive: shorten(directive.text),
          difference: 'nginx drops the query of the request; the gateway keeps it.',
        },
        directive,
        scope,
      ),
    );
  if (flag !== 'break' && locations > 1)
    findings.push(tell(staysInLocation, { directive: shorten(directive.text) }, directive, scope));
  return converted(
    [{ kind: 'forward', patch: { rewrite: { uriRegexRewrite: { match: whole.regex, rewrite } } } }],
    findings.length > 0 ? 'approximate' : 'equivalent',
    findings,
  );
}
