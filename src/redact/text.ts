import { isAddress, redactAddress } from './addresses.ts';
import { mediaTypes, publicHeaders, publicNames, publicValues, publicVariables } from './public-words.ts';
import type { Renaming } from './renaming.ts';

/**
 * What a text is. A `path` has no word that means something to anybody else; a `name` may be one that everybody has, as `ingress-nginx`;
 * a `value` may contain words of nginx and HTTP, and numbers; in `words` of free text, a number that is longer than a status, a port or
 * a time may be anybody's, too.
 */
export type TextKind = 'path' | 'name' | 'value' | 'words';

/** What a text consists of, the first that fits. What fits none (punctuation, blanks) stays. Repetitions are bounded, as texts may be long and hostile. */
const pieces = new RegExp(
  [
    String.raw`(?<known>\/\.well-known\/acme-challenge(?![\p{L}\p{N}-]))`,
    String.raw`(?<escape>\\[^])`,
    String.raw`(?<capture>\$\{?\d+\}?)`,
    String.raw`\$(?<open>\{?)(?<variable>[A-Za-z_]\w*)`,
    String.raw`\(\?P?<(?<group>[A-Za-z_]\w*)>`,
    String.raw`(?<flags>\(\?[a-zA-Z-]*[:)])`,
    String.raw`(?<quantity>\{\d*,?\d*\})`,
    String.raw`\[(?<set>(?:\\.|[^\]\\\n"'\s/]){0,200})\]`,
    String.raw`(?<percent>%[\dA-Fa-f]{2})`,
    String.raw`(?<address>(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,7})(?:\/\d{1,3})?(?![\w.]))`,
    String.raw`(?<scheme>[A-Za-z][A-Za-z\d+.-]{0,20}):\/\/`,
    String.raw`(?<protocol>(?<![\w/.-])(?:TLSv1(?:\.[0-3])?|SSLv[23]|HTTP\/\d(?:\.\d)?)(?![\w-]))`,
    String.raw`(?<media>(?<![\w/.-])(?:text|application|image|font|audio|video|multipart)\/(?:[a-z\d]+(?:[.+-][a-z\d]+)*|\*))`,
    String.raw`(?<number>(?<![\p{L}\p{N}/._-])-?\d+(?:\.\d+)?(?:ms|[kKmMgGtT][bB]?|[sShHdDwyrbB])?(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}]))`,
    String.raw`(?<host>[\p{L}\p{N}][\p{L}\p{N}_-]{0,62}(?:\.[\p{L}\p{N}_-]{1,63})+)`,
    String.raw`(?<token>[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*)`,
  ].join('|'),
  'gu',
);

/** The text with a placeholder for each word that is not public where it stands. */
export function redactText(text: string, kind: TextKind, renaming: Renaming): string {
  if (kind === 'name' && publicNames.has(text)) return text;
  return text.replace(pieces, (piece: string, ...found: unknown[]) => {
    const groups = found.at(-1) as Readonly<Record<string, string | undefined>>;
    const at = found.at(-3) as number;
    if (groups['variable'] !== undefined)
      return `$${groups['open']}${redactVariable(groups['variable'], renaming)}`;
    if (groups['group'] !== undefined)
      return piece.replace(groups['group'], redactWords(groups['group'], renaming));
    if (groups['set'] !== undefined) return `[${redactSet(groups['set'], renaming)}]`;
    if (groups['address'] !== undefined && isAddress(piece))
      return redactAddress(piece, renaming.addressPart);
    if (groups['scheme'] !== undefined)
      return publicValues.has(groups['scheme'].toLowerCase()) ? piece : redactWords(piece, renaming);
    const isValue = kind === 'value' || kind === 'words';
    if (groups['media'] !== undefined) return isValue ? redactMedia(piece, renaming) : words();
    if (groups['protocol'] !== undefined) return isValue ? piece : words();
    if (groups['number'] !== undefined)
      return kind === 'value' || (isValue && !/\d{7}/.test(piece)) ? piece : words();
    if (groups['host'] !== undefined) return redactHost(piece, renaming);
    if (groups['token'] !== undefined) {
      const isPublic = isValue && isPublicToken(piece, text[at - 1], text[at + piece.length]);
      return isPublic ? piece : words();
    }
    return groups['address'] === undefined ? piece : words();

    function words(): string {
      return redactWords(piece, renaming);
    }
  });
}

/** Every run of letters and digits. */
export function redactWords(text: string, { word }: Renaming): string {
  return text.replace(/[\p{L}\p{N}\p{M}]+/gu, word);
}

/** What DNS allows. */
const longestHost = 253;

/** A name with dots. Of a Service's name in the cluster, what everybody has stays; `www` decides redirects and aliases. */
export function redactHost(host: string, renaming: Renaming): string {
  if (host.length > longestHost) return redactWords(host, renaming);
  const [, own = host, cluster = ''] = /^(.*?)(\.svc(?:\.cluster\.local)?)$/i.exec(host) ?? [];
  const [, service = own, domain = ''] = /^(.*\.svc)(\..*)$/i.exec(own) ?? [];
  if (domain !== '') return `${redactHost(service, renaming)}${redactHost(domain, renaming)}`;
  const labels = own.split('.').map((label, at) => {
    if (at === 0 && label === 'www' && own !== 'www') return label;
    return cluster !== '' && publicNames.has(label) ? label : redactWords(label, renaming);
  });
  return `${labels.join('.')}${cluster}`;
}

/** In a value, a word of nginx or HTTP, where it is no part of a host, a path or an address of mail. */
function isPublicToken(token: string, before: string | undefined, after: string | undefined): boolean {
  if (before === '.' || before === '/' || before === '@' || after === '@') return false;
  if (after === '/') return publicNames.has(token);
  if (after === '=' && /^(?:CN|OU|O|C|L|ST|DC)$/.test(token)) return true;
  const lower = token.toLowerCase();
  return publicValues.has(lower) || publicHeaders.has(lower) || publicNames.has(token) || isCipher(token);
}

const cipherParts =
  /^(?:ECDHE|ECDH|DHE|EDH|RSA|ECDSA|DSS|PSK|AES(?:128|256)?|128|256|GCM|CCM|CHACHA20|POLY1305|SHA(?:1|256|384)?|MD5|DES|3DES|CBC3?|RC4|CAMELLIA(?:128|256)?|HIGH|MEDIUM|LOW|EXP|aNULL|eNULL|NULL|TLS|kEDH|EECDH)$/;

function isCipher(token: string): boolean {
  return token.split(/[-_]/).every((part) => cipherParts.test(part));
}

/** `$http_x_tenant` keeps its `http_`, and all of a public header. */
function redactVariable(name: string, renaming: Renaming): string {
  if (publicVariables.has(name)) return name;
  const [, group, rest = ''] =
    /^(http_|sent_http_|upstream_http_|arg_|cookie_|upstream_cookie_)(.*)$/.exec(name) ?? [];
  if (group === undefined) return redactWords(name, renaming);
  const isPublic = group.endsWith('http_') && publicHeaders.has(rest.replaceAll('_', '-').toLowerCase());
  return isPublic ? name : `${group}${redactWords(rest, renaming)}`;
}

/** A set of a regular expression: ranges and escapes stay, and so do single letters. */
function redactSet(set: string, renaming: Renaming): string {
  return set.replace(/\\.|\[:\w+:\]|[\p{L}\p{N}]-[\p{L}\p{N}]|[\p{L}\p{N}]{3,}/gu, (piece) =>
    /^[\p{L}\p{N}]{3,}$/u.test(piece) ? redactWords(piece, renaming) : piece,
  );
}

function redactMedia(media: string, renaming: Renaming): string {
  const [type = '', subtype = ''] = media.split('/');
  return mediaTypes.has(subtype) || subtype === '*' ? media : `${type}/${redactWords(subtype, renaming)}`;
}
