import { hashingOf } from '../features/auth/basic/users.ts';
import { type Mapping as Fields, isMapping } from '../read/fields.ts';
import { redactCertificate } from './certificate.ts';
import type { Renaming } from './renaming.ts';
import { redactText } from './text.ts';

/** Keys that ingress-nginx and Kubernetes give a meaning; others are names of users or of anybody's files. */
const publicKeys = new Set([
  'tls.crt',
  'tls.key',
  'ca.crt',
  'ca.crl',
  'auth',
  '.dockerconfigjson',
  '.dockercfg',
  'username',
  'password',
  'token',
  'namespace',
  'ssh-privatekey',
  'release',
]);

/**
 * The data of a Secret without its content. Users of basic authentication stay users, with a hash of the same kind of nothing;
 * a certificate stays one, for the redacted names; everything else is empty.
 */
export function redactSecretData(body: Fields, renaming: Renaming): Fields {
  const data = mapped(body['data'], (value) => Buffer.from(value, 'base64').toString('utf8'));
  const text = mapped(body['stringData'], (value) => value);
  const encode = (value: string) => Buffer.from(value).toString('base64');
  return {
    ...('data' in body && { data: redactEntries(data, encode, renaming) }),
    ...('stringData' in body && { stringData: redactEntries(text, (value) => value, renaming) }),
  };
}

function mapped(value: unknown, read: (value: string) => string): readonly (readonly [string, unknown])[] {
  if (!isMapping(value)) return [];
  return Object.entries(value).map(([key, entry]) => [key, typeof entry === 'string' ? read(entry) : null]);
}

function redactEntries(
  entries: readonly (readonly [string, unknown])[],
  write: (value: string) => string,
  renaming: Renaming,
): Fields {
  return Object.fromEntries(
    entries.map(([key, value]) => [
      publicKeys.has(key) ? key : redactText(key, 'path', renaming),
      typeof value === 'string' ? write(placeholderOf(key, value, renaming)) : '',
    ]),
  );
}

/** Of `auth-map`, a value is a hash. */
function placeholderOf(key: string, value: string, renaming: Renaming): string {
  if (key === 'tls.crt' || key === 'ca.crt') return redactCertificate(value, renaming);
  if (key !== 'auth') return isHash(value) ? hashLike(value) : '';
  return value
    .split('\n')
    .map((line) => /^([^:#]*):([^:\r]*)/.exec(line))
    .filter((match) => match !== null)
    .map(([, user = '', hash = '']) => `${redactText(user, 'path', renaming)}:${hashLike(hash)}\n`)
    .join('');
}

function isHash(value: string): boolean {
  return hashingOf(value.trim()) !== 'unknown' || /^\$[\w-]+\$/.test(value);
}

/** As htpasswd writes it, of no password. */
function hashLike(hash: string): string {
  if (hashingOf(hash) === 'sha') return `{SHA}${'A'.repeat(27)}=`;
  const [kind = ''] = /^(?:\$[\w-]{1,10}\$|\{[A-Z]+\})/.exec(hash) ?? [];
  return `${kind}${kind.startsWith('$') ? 'redacted$' : ''}${'A'.repeat(22)}`;
}
