import { type Options, readsPathsAsNginx } from '../domain/options.ts';
import { checkRe2, toRe2 } from '../istio-api/patterns.ts';
import type { Location } from '../nginx/model.ts';
import type { Effect } from '../plan/effect.ts';
import type { LocationPlan } from '../plan/server-plan.ts';
import { canonical } from '../text/json.ts';

/** Spellings of paths that nginx and Envoy give to different locations, on a host where that would walk past a protection. */
export interface Evasions {
  /** For each protected location a pattern of whole paths; they stand behind its own routes. */
  readonly spellings: ReadonlyMap<Location, string>;
  /** Pattern of paths whose dot segments Envoy does not see; before all routes. Undefined where nothing is protected. */
  readonly dots: string | undefined;
}

const none: Evasions = { spellings: new Map(), dots: undefined };

/**
 * nginx decodes a path, merges its slashes and resolves its dots before it chooses a location. Envoy leaves `//`, `%2F` and
 * encoded reserved characters as they are (istio/FACTS o), unless the mesh says otherwise, so that `//admin` would reach
 * the location of `/` without the protection of `/admin`.
 */
export function evasionsOf(locations: readonly LocationPlan[], options: Options): Evasions {
  if (options.mesh.pathNormalization === 'DECODE_AND_MERGE_SLASHES' || readsPathsAsNginx(options))
    return none;
  const keys = locations.map(({ effects }) => guardsOf(effects));
  if (keys.every((key) => key === keys[0])) return none;
  const spellings = new Map<Location, string>();
  for (const [index, { location }] of locations.entries()) {
    if (keys[index] === '') continue;
    const pattern = spellingsOf(location);
    if (pattern !== undefined) spellings.set(location, pattern);
  }
  return { spellings, dots };
}

/** What protects a location, as a text: equal for equal protections, '' for none. */
function guardsOf(effects: readonly Effect[]): string {
  const guards = effects.flatMap((effect) => {
    if (effect.kind === 'guard') return [effect.key];
    if (effect.kind === 'answer' && (effect.phase === 'closed' || effect.phase === 'denied'))
      return [canonical([effect.phase, effect.when, effect.answer])];
    if (effect.kind !== 'policy') return [];
    const { purpose, action, provider, from, notMethods } = effect;
    return [canonical({ purpose, action, provider, from, notMethods })];
  });
  return guards.sort().join('\n');
}

const slash = '(?:/|%2[fF])+';

/** Segments of dots beside an encoded slash: Envoy resolves all others (istio/FACTS o). */
const dots = '.*(?:(?:/|%2[fF])\\.\\.?%2[fF]|%2[fF]\\.\\.?(?:/|%2[fF]|$)).*';

/** Undefined for the root, whose spellings no other location takes, and for patterns that RE2 does not know. */
function spellingsOf(location: Location): string | undefined {
  const match = location.matches.find(({ path }) => path !== '/');
  if (match === undefined) return undefined;
  if (match.kind === 'regex') {
    const pattern = toRe2(anySlash(match.path));
    return pattern.ok ? pattern.full : undefined;
  }
  const segments = match.path.split('/').filter((segment) => segment !== '');
  const whole = `${slash}${segments.map(anySpelling).join(slash)}`;
  const pattern = match.kind === 'exact' && location.matches.length === 1 ? whole : `${whole}(?:${slash}.*)?`;
  return checkRe2(pattern).ok ? pattern : undefined;
}

/** The slashes of a regular expression outside its classes. */
function anySlash(pattern: string): string {
  return pattern.replace(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\/\??/g, (part) =>
    part === '/' || part === '\\/' ? slash : part === '/?' ? `(?:${slash})?` : part,
  );
}

/** Each character as it is or percent-encoded; those that Envoy decodes by itself only as they are. */
function anySpelling(segment: string): string {
  return [...segment]
    .map((character) => {
      if (/[A-Za-z0-9\-_~]/.test(character)) return character;
      if (character === '%') return '%25';
      const encoded = [...Buffer.from(character)].map(percent).join('');
      return /[\x21-\x7e]/.test(character) ? `(?:${quoted(character)}|${encoded})` : encoded;
    })
    .join('');
}

function percent(byte: number): string {
  const hex = byte.toString(16).padStart(2, '0');
  return `%${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
}

function quoted(character: string): string {
  return /[\\^$.*+?()[\]{}|]/.test(character) ? `\\${character}` : character;
}
