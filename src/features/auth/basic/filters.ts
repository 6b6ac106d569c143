import type { Options } from '../../../domain/options.ts';
import type { Origin } from '../../../domain/origin.ts';
import { objectName } from '../../../istio-api/names.ts';
import type { Effect, HttpFilterEffect } from '../../../plan/effect.ts';
import type { Step } from '../../../plan/step.ts';
import { htpasswdScript } from './script.ts';
import type { Users } from './users.ts';

/** Release of Istio whose Envoy (1.35) hands a route's settings to a Lua filter: `filter_context`. */
export const scriptSince = '1.27';

const lua = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3';
const basic = 'type.googleapis.com/envoy.extensions.filters.http.basic_auth.v3';

const nativeName = 'ingress2istio.basic-auth';
const scriptName = 'ingress2istio.htpasswd';

/**
 * Both filters act only on routes that bring users. They stand behind lists of addresses, as in nginx. The script is not
 * `disabled`: Envoy leaves such a filter out by the route that it finds first, whatever path another filter gives the
 * request afterwards (features/routing/paths.ts); Envoy's own filter can only be had that way.
 */
const native: HttpFilterEffect = {
  kind: 'http-filter',
  purpose: 'basic-auth',
  before: 'router',
  priority: 10,
  filter: {
    name: nativeName,
    disabled: true,
    typed_config: { '@type': `${basic}.BasicAuth`, users: { inline_string: '# Routes bring their users.' } },
  },
};

const script: HttpFilterEffect = {
  kind: 'http-filter',
  purpose: 'htpasswd',
  before: 'router',
  priority: 10,
  filter: {
    name: scriptName,
    typed_config: { '@type': `${lua}.Lua`, default_source_code: { inline_string: htpasswdScript } },
  },
};

/** Envoy's own filter, with users whose hashes are all `{SHA}`. */
export function nativeEffects(users: Users): Effect[] {
  const lines = [...users].map(([user, hash]) => `${user}:${hash}\n`).join('');
  return onRoutes(native, { '@type': `${basic}.BasicAuthPerRoute`, users: { inline_string: lines } });
}

/** Envoy's own filter, with a file that stands in the gateway's pods. */
export function fileEffects(secret: string): Effect[] {
  const filename = `${folderOf(secret)}/auth`;
  return onRoutes(native, { '@type': `${basic}.BasicAuthPerRoute`, users: { filename } });
}

/** The script, for the other hashes and for "satisfy any". */
export function scriptEffects(users: Users, realm: string, satisfyAny: boolean): Effect[] {
  const context = { realm, users: Object.fromEntries(users), ...(satisfyAny && { satisfy_any: true }) };
  return onRoutes(script, { '@type': `${lua}.LuaPerRoute`, filter_context: context });
}

function onRoutes(filter: HttpFilterEffect, value: object): Effect[] {
  return [
    filter,
    {
      kind: 'route-filter',
      purpose: filter.purpose,
      on: 'checked',
      value: { typed_per_filter_config: { [filter.filter.name]: value } },
    },
  ];
}

function folderOf(secret: string): string {
  return `/etc/ingress-users/${secret}`;
}

/** What has to be done before the EnvoyFilter is there: Envoy refuses all routes of a file that it cannot read. */
export function mountStep(secret: string, { gateway }: Options, origin: Origin): Step {
  const [namespace = '', name = ''] = secret.split('/');
  const copy = objectName(namespace, name);
  return {
    kind: 'manual',
    key: `users ${secret}`,
    title: `Mount the users of ${secret} into the gateway, before its EnvoyFilter is applied`,
    commands: [
      '# Envoy only supports {SHA}, and refuses all routes if the file is missing or has other hashes.',
      '# Make the file with: htpasswd -s -c auth USER',
      `kubectl create secret generic ${copy} -n ${gateway.namespace} --from-file=auth`,
      '# In the pods of the gateway (Helm chart istio/gateway: volumes, volumeMounts):',
      `# volumes: [{name: ${copy}, secret: {secretName: ${copy}}}]`,
      `# volumeMounts: [{name: ${copy}, mountPath: ${folderOf(secret)}, readOnly: true}]`,
    ],
    origins: [origin],
  };
}
