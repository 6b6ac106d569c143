/** The users of a location with their hashes, in the order of the file. */
export type Users = ReadonlyMap<string, string>;

/** The ways in which passwords are hashed, as far as Envoy's own filter or a script knows them. */
export type Hashing = 'sha' | 'script' | 'unknown';

/**
 * Reads an htpasswd file as nginx does: the first line of a user counts, the hash ends at the line or at a colon
 * (nginx, http/modules/ngx_http_auth_basic_module.c).
 */
export function readHtpasswd(text: string): Users {
  const users = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, user, hash] = /^(?![#\r])([^:]*):([^:\r]*)/.exec(line) ?? [];
    if (user !== undefined && hash !== undefined && !users.has(user)) users.set(user, hash);
  }
  return users;
}

/** `auth-map`: each key is a user (ingress-nginx 1.15.1, annotations/auth/main.go dumpSecretAuthMap). */
export function readAuthMap(entries: ReadonlyMap<string, string>): Users {
  const names = [...entries.keys()].sort();
  return readHtpasswd(names.map((name) => `${name}:${entries.get(name)}\n`).join(''));
}

/** nginx's own hashes, then those that it leaves to crypt(3) (nginx, core/ngx_crypt.c). */
export function hashingOf(hash: string): Hashing {
  if (/^\{SHA\}[A-Za-z0-9+/]{27}=$/.test(hash)) return 'sha';
  return /^(?:\$apr1\$|\$1\$|\{SHA\}|\{SSHA\}|\{PLAIN\})/.test(hash) ? 'script' : 'unknown';
}
