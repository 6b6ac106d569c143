import type { Directive } from '../../nginx/directives/parse.ts';
import { ownRequestHeaders } from '../../nginx/request-headers.ts';
import { toEnvoyFormat } from '../../nginx/variables.ts';
import { sentTwice } from './findings.ts';
import { fieldOf, operate } from './operations.ts';
import {
  converted,
  type Handler,
  manual,
  noEffect,
  notNeeded,
  refusedByNginx,
  type Scope,
  tell,
  type Verdict,
  withFields,
} from './scope.ts';

/** Values with which the gateway sends these headers anyway. */
const sameAnyway: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['host', new Set(['$host', '$http_host', '$best_http_host'])],
  ['x-forwarded-proto', new Set(['$scheme', '$pass_access_scheme'])],
  ['x-forwarded-for', new Set(['$proxy_add_x_forwarded_for'])],
  ['x-request-id', new Set(['$request_id', '$req_id'])],
]);

/** Acts before the location's proxy_set_header lines, which replace what it wrote (seen on nginx 1.22 with headers-more 0.34). */
export function inputHeader(directive: Directive, scope: Scope, name: string, value: string): Verdict {
  const key = name.toLowerCase();
  if (key === 'host' && value !== '') return setHost(directive, scope, value);
  if (ownRequestHeaders.has(key)) return noEffect(`ingress-nginx sets ${name} itself, after this directive.`);
  return operate(directive, scope, 'request', value === '' ? 'remove' : 'set', name, value);
}

function setHost(directive: Directive, scope: Scope, words: string): Verdict {
  const format = toEnvoyFormat(words, { ...scope.variables, use: 'request' });
  if (!format.ok || format.value.includes('%'))
    return manual(directive, scope, {
      reason: 'the gateway can only send the backend one fixed Host.',
      remedy: 'Use the annotation upstream-vhost with a fixed name.',
      fields: ['host'],
    });
  const condition = scope.guard === undefined ? {} : { variant: scope.guard.variant, when: scope.guard.when };
  return converted([{ kind: 'forward', ...condition, patch: { rewrite: { authority: format.value } } }]);
}

/** A location's lines for its upstream; a second line for one header sends it twice (seen on nginx 1.22). */
export const proxySetHeader: Handler = (directive, scope) => {
  const [name, value] = directive.args.map(({ text }) => text);
  if (name === undefined || value === undefined || directive.args.length > 2)
    return refusedByNginx(directive, scope, 'it takes a name and a value');
  if (scope.place === 'server')
    return noEffect(
      'Each location has lines of its own, and nginx does not mix them with those of the server.',
    );
  if (scope.place === 'own-location') return noEffect('The location forwards nothing.');
  if (scope.grpc !== (directive.name === 'grpc_set_header'))
    return noEffect(
      `The backend uses ${scope.grpc ? 'gRPC, which reads grpc_set_header' : 'HTTP, which reads proxy_set_header'}.`,
    );
  const key = name.toLowerCase();
  if (key === 'upgrade' || key === 'connection')
    return notNeeded('Websockets and other upgrades work without it.');
  if (sameAnyway.get(key)?.has(value))
    return notNeeded('The gateway sends the header with this value anyway.');
  if (value === '')
    return ownRequestHeaders.has(key)
      ? noEffect(`ingress-nginx sets ${name} in a line of its own, which stays.`)
      : operate(directive, scope, 'request', 'remove', name, '');
  const verdict =
    key === 'host'
      ? setHost(directive, scope, value)
      : operate(directive, scope, 'request', 'set', name, value);
  if (!ownRequestHeaders.has(key) || verdict.status !== 'converted') return verdict;
  const field = key === 'host' ? 'host' : fieldOf('request', key);
  const reported = tell(
    withFields(sentTwice, [field, fieldOf('request', key)]),
    { header: name },
    directive,
    scope,
  );
  return { ...verdict, fidelity: 'approximate', findings: [...verdict.findings, reported] };
};
