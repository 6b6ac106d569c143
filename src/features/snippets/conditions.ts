import type { AuthorizationSource, HeaderMatch } from '../../istio-api/types.ts';
import type { Directive } from '../../nginx/directives/parse.ts';
import { headerOf, toConstant, type VariableOptions } from '../../nginx/variables.ts';
import type { Condition } from '../../plan/answer-effect.ts';
import { capturesOf, exactly, finds, searchWithin } from './patterns.ts';

/** When the block of an `if` is entered. */
export type Test =
  /** `captures`: what the groups of its pattern caught, for `$1` and on. */
  | { readonly kind: 'always'; readonly captures: readonly string[] }
  | { readonly kind: 'never' }
  /** For requests that meet any of them. */
  | { readonly kind: 'when'; readonly any: readonly Condition[]; readonly variable: string }
  /** For some clients. */
  | { readonly kind: 'clients'; readonly from: AuthorizationSource }
  | { readonly kind: 'unsupported'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

type Operator = '=' | '!=' | '~' | '!~' | '~*' | '!~*' | 'bare';
type Known = Omit<VariableOptions, 'use'>;

/** Reads the condition of an `if` (nginx 1.27, http/modules/ngx_http_rewrite_module.c). */
export function readCondition(directive: Directive, known: Known): Test {
  const words = wordsOf(directive);
  if (words === undefined) return { kind: 'refused', reason: 'it is not a condition in parentheses' };
  const [left = '', operator = 'bare', right = ''] = words;
  if (/^!?-[fdex]$/.test(left)) return unsupported('it tests files, and a gateway has none.');
  const variable = /^\$\{?(\w+)\}?$/.exec(left)?.[1];
  if (variable === undefined || !isOperator(operator))
    return { kind: 'refused', reason: 'the condition is not valid' };
  if (words.length !== (operator === 'bare' ? 1 : 3))
    return { kind: 'refused', reason: 'the condition is not valid' };
  const compared = operator === '=' || operator === '!=' ? toConstant(right, known) : right;
  if (compared === undefined) return unsupported(`it compares $${variable} with another variable.`);
  const constant = toConstant(left, known);
  if (constant !== undefined) return decide(constant, operator, compared);
  return test(variable, operator, compared);
}

function wordsOf({ args }: Directive): string[] | undefined {
  const words = args.map(({ text }) => text);
  const last = words.length - 1;
  if (words[0]?.startsWith('(') !== true || words[last]?.endsWith(')') !== true) return undefined;
  words[last] = words[last].slice(0, -1);
  words[0] = words[0]!.slice(1);
  if (words[0] === '') words.shift();
  // `"a" )`: the closing parenthesis stands alone. An empty quoted word stays.
  if (words.at(-1) === '' && args.at(-1)?.text === ')') words.pop();
  return words.length === 0 ? undefined : words;
}

function isOperator(text: string): text is Operator {
  return ['=', '!=', '~', '!~', '~*', '!~*', 'bare'].includes(text);
}

function unsupported(reason: string): Test {
  return { kind: 'unsupported', reason };
}

function decide(value: string, operator: Operator, compared: string): Test {
  const holds = compare(value, operator, compared);
  if (holds === undefined) return unsupported("RE2 doesn't support its pattern.");
  if (!holds) return { kind: 'never' };
  const captures = operator.startsWith('~') ? capturesOf(compared, operator.endsWith('*'), value) : [];
  return { kind: 'always', captures };
}

function compare(value: string, operator: Operator, compared: string): boolean | undefined {
  if (operator === 'bare') return value !== '' && value !== '0';
  if (operator === '=') return value === compared;
  if (operator === '!=') return value !== compared;
  const found = finds(compared, operator.endsWith('*'), value);
  return found === undefined ? undefined : found !== operator.startsWith('!');
}

/** A header of the request that holds the variable, and how its value stands in it. */
interface Subject {
  readonly header: string;
  /** The expression for the whole header around one for the value. */
  wrap(value: string): string;
  /** What the value cannot hold, for values inside a longer text. */
  readonly delimiter: string;
  readonly anyCase?: boolean;
}

function test(variable: string, operator: Operator, compared: string): Test {
  if (variable === 'remote_addr' || variable === 'the_real_ip') return clients(operator, compared);
  const schemes = schemeValues.get(variable);
  if (schemes !== undefined) return schemeTest(schemes, operator, compared, variable);
  const subject = subjectOf(variable);
  if (subject === undefined) return unsupported(`a VirtualService cannot match on $${variable}.`);
  return subjectTest(subject, operator, compared, variable);
}

function clients(operator: Operator, compared: string): Test {
  if (operator === '=') return { kind: 'clients', from: { remoteIpBlocks: [compared] } };
  if (operator === '!=') return { kind: 'clients', from: { notRemoteIpBlocks: [compared] } };
  return unsupported('a client address can only be compared with addresses and blocks, not with a pattern.');
}

/** Values over plain HTTP and over HTTPS. */
const schemeValues: ReadonlyMap<string, readonly [string, string]> = new Map([
  ['scheme', ['http', 'https']],
  ['pass_access_scheme', ['http', 'https']],
  ['https', ['', 'on']],
  ['server_port', ['80', '443']],
]);

function schemeTest(
  [http, https]: readonly [string, string],
  operator: Operator,
  compared: string,
  variable: string,
): Test {
  const plain = compare(http, operator, compared);
  const tls = compare(https, operator, compared);
  if (plain === undefined || tls === undefined) return unsupported("RE2 doesn't support its pattern.");
  if (plain === tls) return plain ? { kind: 'always', captures: [] } : { kind: 'never' };
  return { kind: 'when', any: [{ tls }], variable };
}

function subjectOf(variable: string): Subject | undefined {
  const whole = (header: string): Subject => ({ header, wrap: (value) => value, delimiter: '' });
  switch (variable) {
    case 'http_host':
    case 'best_http_host':
      return whole(':authority');
    case 'host':
    case 'server_name':
      return {
        header: ':authority',
        wrap: (value) => `(?i:${value})(?::[0-9]+)?`,
        delimiter: ':',
        anyCase: true,
      };
    case 'request_method':
      return whole(':method');
    case 'request_uri':
      return whole(':path');
    case 'uri':
    case 'document_uri':
      return { header: ':path', wrap: (value) => `(?:${value})(?:\\?.*)?`, delimiter: '?' };
    case 'args':
    case 'query_string':
      return { header: ':path', wrap: (value) => `[^?]*\\?(?:${value})`, delimiter: '' };
  }
  const [, kind, name] = /^(http|arg|cookie)_(\w+)$/.exec(variable) ?? [];
  if (name === undefined) return undefined;
  if (kind === 'http') return whole(headerOf(name));
  if (kind === 'arg')
    return {
      header: ':path',
      wrap: (value) => `[^?]*\\?(?:.*&)?(?i:${name})=(?:${value})(?:&.*)?`,
      delimiter: '&',
    };
  return {
    header: 'cookie',
    wrap: (value) => `(?:.*;[ ]*)?(?i:${name})=(?:${value})(?:;.*)?`,
    delimiter: ';',
  };
}

/** Envoy takes a missing header in `withoutHeaders` for an empty one (seen on Envoy 1.38), as nginx does with variables. */
function subjectTest(subject: Subject, operator: Operator, compared: string, variable: string): Test {
  const { header, wrap, delimiter } = subject;
  const any = delimiter === '' ? '.' : `[^${delimiter}]`;
  const plain = wrap('') === '';
  const regex = (value: string): HeaderMatch => ({ regex: wrap(value) });
  const filled: HeaderMatch = regex(`${any}+`);
  const holds = (match: HeaderMatch): Condition => ({ headers: { [header]: match } });
  const fails = (match: HeaderMatch): Condition => ({ withoutHeaders: { [header]: match } });
  const when = (...conditions: Condition[]): Test => ({ kind: 'when', any: conditions, variable });
  const rest = any === '.' ? '[^0]' : `[^0${delimiter}]`;
  switch (operator) {
    case 'bare':
      return when(holds(regex(`(?:${rest}|0${any})${any}*`)));
    case '=':
      if (compared === '') return when(fails(filled));
      return when(holds(plain ? { exact: compared } : regex(exactly(compared))));
    case '!=':
      if (compared === '') return when(holds(filled));
      return when(fails(plain ? { exact: compared } : regex(exactly(compared))));
  }
  const anyCase = operator.endsWith('*');
  const search = searchWithin(compared, anyCase, delimiter);
  const empty = finds(compared, anyCase, '');
  if (search === undefined || empty === undefined)
    return unsupported('its pattern has no counterpart in RE2, which Envoy uses.');
  // Where the empty value matches, too, a missing header is one more case.
  if (operator.startsWith('!'))
    return empty ? when({ ...fails(regex(search)), ...holds(filled) }) : when(fails(regex(search)));
  return empty ? when(holds(regex(search)), fails(filled)) : when(holds(regex(search)));
}
