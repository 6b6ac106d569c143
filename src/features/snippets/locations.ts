import type { Finding } from '../../domain/findings.ts';
import { mergeHeaders } from '../../istio-api/headers.ts';
import type { HeaderOperations } from '../../istio-api/types.ts';
import { type Directive, walk } from '../../nginx/directives/parse.ts';
import type { Server } from '../../nginx/model.ts';
import type { Answer, AnswerEffect, Condition, RouteMatch } from '../../plan/answer-effect.ts';
import type { Effect } from '../../plan/effect.ts';
import { emptyLocation } from './findings.ts';
import { interpret, type Reading } from './interpret.ts';
import { exactly, finds, searchWithin } from './patterns.ts';
import {
  closedFor,
  converted,
  manual,
  noEffect,
  refusedByNginx,
  type Scope,
  tell,
  type Verdict,
} from './scope.ts';
import { treatments } from './treatments.ts';

/** A `location` block of a server snippet. */
interface OwnLocation {
  readonly directive: Directive;
  readonly block: readonly Directive[];
  readonly kind: 'exact' | 'strong' | 'regex' | 'prefix';
  readonly path: string;
  readonly anyCase: boolean;
}

/** Directives with which a location serves something of its own. */
const servers = new Set([
  'proxy_pass',
  'grpc_pass',
  'fastcgi_pass',
  'uwsgi_pass',
  'scgi_pass',
  'memcached_pass',
  'try_files',
  'root',
  'alias',
  'stub_status',
  'empty_gif',
  'content_by_lua',
  'content_by_lua_block',
  'content_by_lua_file',
  'js_content',
  'echo',
  'perl',
]);

export interface LocationsReading {
  readonly verdicts: ReadonlyMap<Directive, Verdict>;
  readonly effects: readonly Effect[];
}

/**
 * Answers of the locations that a server snippet brings, in the order in which nginx chooses among them: exact, `^~`,
 * regular expressions as written, the longest prefix. They stand before all locations of the Ingresses, so each leaves
 * out what a location of an Ingress would win (nginx 1.27, ngx_http_core_find_location).
 *
 * @param inherited response headers of the server, which the answers carry, too.
 */
export function ownLocations(
  directives: readonly Directive[],
  server: Server,
  scope: Scope,
  inherited: InheritedHeaders,
): LocationsReading {
  const verdicts = new Map<Directive, Verdict>();
  const found: OwnLocation[] = [];
  for (const directive of directives) {
    if (directive.name !== 'location') continue;
    const own = readLocation(directive);
    if (own === undefined)
      verdicts.set(directive, refusedByNginx(directive, scope, 'it takes a path and a block'));
    else if (own === 'named')
      verdicts.set(directive, noEffect('A named location is only reached through error_page or try_files.'));
    else found.push(own);
  }
  const regexes = found.filter(({ kind }) => kind === 'regex');
  const longest = (kind: OwnLocation['kind']): OwnLocation[] =>
    found
      .filter((own) => own.kind === kind)
      .sort((a, b) => b.path.length - a.path.length || (a.path < b.path ? -1 : 1));
  const order = [...longest('exact'), ...longest('strong'), ...regexes, ...longest('prefix')];
  const effects: Effect[] = [];
  for (const own of order) {
    const reading = readOwn(own, server, scope, inherited);
    for (const [directive, verdict] of reading.verdicts) verdicts.set(directive, verdict);
    effects.push(...reading.effects);
  }
  return { verdicts, effects };
}

/** What of the server's headers a location has besides its own: add_header lines only where it has none. */
export interface InheritedHeaders {
  readonly always: readonly HeaderOperations[];
  readonly added: readonly { readonly response: HeaderOperations; readonly onEveryStatus: boolean }[];
}

function readLocation(directive: Directive): OwnLocation | 'named' | undefined {
  const [first = '', second] = directive.args.map(({ text }) => text);
  if (typeof directive.block !== 'object' || directive.args.length === 0 || directive.args.length > 2)
    return undefined;
  const { block } = directive;
  if (second === undefined) {
    if (first.startsWith('@')) return 'named';
    const glued = /^(=|\^~|~\*|~)(.+)$/.exec(first);
    return glued === null ? own('', first) : own(glued[1]!, glued[2]!);
  }
  return own(first, second);

  function own(modifier: string, path: string): OwnLocation | undefined {
    const kind = ({ '': 'prefix', '=': 'exact', '^~': 'strong', '~': 'regex', '~*': 'regex' } as const)[
      modifier
    ];
    return kind === undefined ? undefined : { directive, block, kind, path, anyCase: modifier === '~*' };
  }
}

function readOwn(
  own: OwnLocation,
  server: Server,
  scope: Scope,
  inherited: InheritedHeaders,
): LocationsReading {
  const { directive, block } = own;
  const only = (verdict: Verdict): LocationsReading => ({
    verdicts: new Map(
      [directive, ...walk(block)].map((one) => [
        one,
        one === directive ? verdict : { ...verdict, effects: [], findings: [] },
      ]),
    ),
    effects: verdict.effects,
  });
  // nginx tries the regular expressions of the Ingresses before a plain prefix, and one of them takes every path.
  if (own.kind === 'prefix' && server.regex)
    return only(noEffect('The host’s locations are regular expressions, which come before a plain prefix.'));
  const match = matchOf(own);
  if (match === undefined)
    return only(
      block.some(protects)
        ? closedFor(directive, scope, 'its pattern has no counterpart in RE2.')
        : manual(directive, scope, {
            reason: 'its pattern has no counterpart in RE2, which Envoy uses.',
            remedy: 'Write the pattern without look-around and back-references.',
            fields: ['status', 'path', 'upstream'],
          }),
    );
  if (isTaken(own, server))
    return only(refusedByNginx(directive, scope, `an Ingress has the location ${own.path} already`));
  const condition: Condition = { matches: [match], ...exceptions(own, server) };
  const { reading, status } = readBlock(block, { ...scope, place: 'own-location' });
  const verdicts = new Map(reading.verdicts);
  const serving = block.find(({ name }) => servers.has(name));
  if (!reading.answered && serving !== undefined) {
    const reported = block.some(protects)
      ? closedFor(
          directive,
          scope,
          "the location serves its own content, which can't be converted, to some clients.",
        )
      : manual(directive, scope, {
          reason: `the location serves something of its own (${serving.name}).`,
          remedy: 'Make it a path of an Ingress, or write a route with a Service for it.',
          fields: ['status', 'path', 'upstream'],
        });
    const effects =
      reported.status === 'closed'
        ? [
            {
              kind: 'answer' as const,
              phase: 'server-snippet' as const,
              when: condition,
              answer: { status: 503 },
            },
          ]
        : [];
    const silenced = new Map(
      [...verdicts].map(([one, verdict]) => [one, { ...verdict, effects: [] }] as const),
    );
    return { verdicts: new Map([...silenced, [directive, { ...reported, effects: [] }]]), effects };
  }
  const addsOwn = block.some(({ name }) => name === 'add_header');
  const headers = headersOf(reading.effects, addsOwn ? { ...inherited, added: [] } : inherited, status);
  const answers = reading.effects.filter((effect) => effect.kind === 'answer');
  const findings: Finding[] = [];
  if (!reading.answered) {
    if (answers.every(({ when }) => when !== undefined))
      answers.push({ kind: 'answer', phase: 'server-snippet', answer: { status } });
    if (!reading.effects.some(({ kind }) => kind === 'policy'))
      findings.push(tell(emptyLocation, { path: own.path }, directive, scope));
  }
  verdicts.set(directive, { ...converted([], reading.answered ? 'exact' : 'equivalent'), findings });
  return { verdicts, effects: answers.map((answer) => placed(answer, condition, headers)) };
}

/** Where nothing answers, nginx looks for a file and finds none, or keeps everybody away. */
function readBlock(block: readonly Directive[], scope: Scope): { reading: Reading; status: number } {
  const first = interpret(block, scope, 1);
  const last = first.effects.findLast((effect) => effect.kind === 'answer' && effect.when === undefined);
  const everybody = first.effects.some((effect) => effect.kind === 'policy' && effect.from === undefined);
  const status = last?.kind === 'answer' ? statusOf(last.answer) : everybody ? 403 : 404;
  const silent = block.filter((directive) => !successes.has(status) && isForSuccesses(directive));
  if (silent.length === 0) return { reading: first, status };
  const rest = interpret(
    block.filter((directive) => !silent.includes(directive)),
    scope,
    1,
  );
  const reported = silent.map(
    (directive) =>
      [
        directive,
        noEffect(`nginx only sets the header on successes and redirects, not on ${status}.`),
      ] as const,
  );
  return { reading: { ...rest, verdicts: new Map([...rest.verdicts, ...reported]) }, status };
}

/** An `add_header` without `always`, and `expires` (nginx 1.27, ngx_http_headers_filter). */
export function isForSuccesses({ name, args }: Directive): boolean {
  return name === 'expires' || (name === 'add_header' && args.length === 2);
}

const successes = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

function statusOf(answer: Answer): number {
  return 'redirect' in answer ? (answer.redirect.redirectCode ?? 301) : answer.status;
}

/** nginx takes no location twice; an Ingress path `/foo` makes `/foo/` and `= /foo`. */
function isTaken(own: OwnLocation, server: Server): boolean {
  if (own.kind === 'regex' || server.regex) return false;
  const kind = own.kind === 'exact' ? 'exact' : 'prefix';
  return server.locations.some(({ matches }) =>
    matches.some((match) => match.kind === kind && match.path === own.path),
  );
}

function protects(directive: Directive): boolean {
  return (
    directive.name === 'deny' ||
    (treatments.get(directive.name)?.status === 'closed' && directive.args[0]?.text !== 'off')
  );
}

function matchOf(own: OwnLocation): RouteMatch | undefined {
  if (own.kind === 'exact') return { kind: 'exact', path: own.path };
  if (own.kind !== 'regex') return { kind: 'prefix', path: own.path };
  const search = searchWithin(own.path, own.anyCase);
  return search === undefined ? undefined : { kind: 'whole', path: search };
}

/** Requests under the match that nginx gives to a location of an Ingress. */
function exceptions(own: OwnLocation, server: Server): Condition {
  if (own.kind === 'exact' || server.regex) return {};
  const taken = new Set<string>();
  for (const { kind, path } of server.locations.flatMap(({ matches }) => matches)) {
    const inside =
      own.kind === 'regex'
        ? kind === 'exact' && finds(own.path, own.anyCase, path) === true
        : path.startsWith(own.path);
    if (!inside) continue;
    if (kind === 'exact') taken.add(exactly(path));
    else if (kind === 'prefix' && path.length > own.path.length) taken.add(`${exactly(path)}[^?]*`);
  }
  if (taken.size === 0) return {};
  return { withoutHeaders: { ':path': { regex: `(?:${[...taken].sort().join('|')})(?:\\?.*)?` } } };
}

function placed(effect: AnswerEffect, condition: Condition, headers: HeaderOperations): AnswerEffect {
  const merged = mergeHeaders([headers, ...(effect.answer.headers ? [effect.answer.headers] : [])]);
  const answer = { ...effect.answer, ...(Object.keys(merged).length > 0 && { headers: merged }) };
  return { kind: 'answer', phase: 'server-snippet', when: { ...effect.when, ...condition }, answer };
}

function headersOf(
  effects: readonly Effect[],
  inherited: InheritedHeaders,
  status: number,
): HeaderOperations {
  const own = effects.flatMap((effect) =>
    effect.kind === 'response-headers' && effect.when === undefined ? [effect.response] : [],
  );
  const added = inherited.added.filter(({ onEveryStatus }) => onEveryStatus || successes.has(status));
  return mergeHeaders([...inherited.always, ...added.map(({ response }) => response), ...own]);
}
