import { findingType } from '../../../domain/findings.ts';

export const closed = findingType<{ path: string; reason: string; remedy: string }>({
  code: 'auth-basic/closed',
  severity: 'error',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: "Basic authentication isn't converted, so the route returns 503.",
  message: ({ path, reason }) =>
    `Basic authentication on ${path} isn't converted: ${reason}. The route returns 503 until you choose an option.`,
  remedy: ({ remedy }) => remedy,
  url: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/basic_auth_filter',
});

export const realm = findingType<{ path: string }>({
  code: 'auth-basic/realm',
  severity: 'note',
  fields: ['response-header:www-authenticate'],
  summary: 'Browsers show another realm in the password dialog.',
  message: ({ path }) =>
    `Envoy uses the URL of the request as the realm of ${path}, so browsers show another text in the password dialog.`,
  remedy: () => 'Usually no action is needed.',
});

export const usersInline = findingType<{ path: string; secret: string }>({
  code: 'auth-basic/users-inline',
  severity: 'warning',
  fields: [],
  summary: 'The users of a Secret are in an EnvoyFilter.',
  message: ({ path, secret }) =>
    `The users of ${path} and their hashes were written into an EnvoyFilter, as --inline-secrets asks: whoever may read EnvoyFilters can read them, and a later change of the Secret ${secret} does not reach the gateway.`,
  remedy: () => 'Keep the output out of version control, and convert again when users change.',
});

export const usersFile = findingType<{ path: string; secret: string }>({
  code: 'auth-basic/users-file',
  severity: 'warning',
  fields: ['status', 'upstream', 'path', 'method', 'host', 'location'],
  summary: 'The users have to be mounted into the gateway as a file.',
  message: ({ path, secret }) =>
    `The gateway reads the users of ${path} from a file that has to be mounted from the Secret ${secret}; all hashes in it have to be {SHA}, and without the file Envoy refuses every change of its routes.`,
  remedy: () =>
    'Carry out the step "Mount the users" before the EnvoyFilter is applied, or use --inline-secrets.',
});

export const script = findingType<{ path: string }>({
  code: 'auth-basic/script',
  severity: 'note',
  fields: [],
  summary: 'Passwords are checked by a Lua script in the gateway.',
  message: ({ path }) =>
    `Envoy's own filter doesn't support the hashes of ${path}, so a Lua script checks them. A wrong password, and the first right one of a user, takes some milliseconds of a worker.`,
  remedy: () => 'Usually no action is needed. With {SHA} hashes (htpasswd -s), Envoy checks them itself.',
});

export const realmOff = findingType<{ path: string }>({
  code: 'auth-basic/realm-off',
  severity: 'error',
  fields: [],
  summary: 'The realm "off" turns passwords off.',
  message: ({ path }) =>
    `auth-realm is "off", which nginx takes for the word that turns passwords off: ${path} is open today, and stays open.`,
  remedy: () => 'Give the realm another name if the location is to be protected, and convert again.',
});

export const authBasicFindings = [closed, realm, usersInline, usersFile, script, realmOff];
