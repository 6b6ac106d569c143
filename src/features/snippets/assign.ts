import type { Directive } from '../../nginx/directives/parse.ts';
import { toConstant } from '../../nginx/variables.ts';
import { converted, manual, refusedByNginx, type Scope, type Verdict } from './scope.ts';

/** Variables with which ingress-nginx itself works: a snippet that changes them changes more than its own lines. */
const controllerVariables = new Set([
  'pass_access_scheme',
  'pass_server_port',
  'pass_port',
  'best_http_host',
  'proxy_upstream_name',
  'proxy_host',
  'proxy_alternative_upstream_name',
  'namespace',
  'ingress_name',
  'service_name',
  'service_port',
  'location_path',
  'target',
  'req_id',
]);

/** `set`: a constant is put in wherever the variable stands; nothing else is known before a request comes. */
export function assign(directive: Directive, scope: Scope, constants: Map<string, string>): Verdict {
  const [variable = '', words = ''] = directive.args.map(({ text }) => text);
  const name = /^\$(\w+)$/.exec(variable)?.[1];
  if (name === undefined || directive.args.length !== 2)
    return refusedByNginx(directive, scope, 'it takes a variable and a value');
  const value = toConstant(words, scope.variables);
  constants.delete(name);
  const why = controllerVariables.has(name)
    ? `ingress-nginx works with $${name} itself.`
    : scope.guard !== undefined
      ? 'the variable has another value for some requests.'
      : value === undefined
        ? 'its value is not known before a request comes.'
        : undefined;
  if (why !== undefined)
    return manual(directive, scope, {
      reason: why,
      remedy: 'Write what depends on the variable as routes of their own.',
      fields: ['status'],
    });
  constants.set(name, value ?? '');
  return converted([]);
}
