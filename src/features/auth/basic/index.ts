import { readsPathsAsNginx } from '../../../domain/options.ts';
import type { Location } from '../../../nginx/model.ts';
import type { Effect } from '../../../plan/effect.ts';
import { type FeatureResult, nothing } from '../../../plan/result.ts';
import { readSecretData } from '../../../read/secret-data.ts';
import { claimAll, findingAt, hasAny, idle } from '../../claims.ts';
import type { Context, Feature } from '../../feature.ts';
import { isChecked } from '../access-lists.ts';
import { addressEffects, type NotCarried } from '../address-lists.ts';
import { isSparedFromAuth } from '../no-auth-locations.ts';
import { alternativesOf } from '../satisfy.ts';
import { fileEffects, mountStep, nativeEffects, scriptEffects, scriptSince } from './filters.ts';
import * as types from './findings.ts';
import { hashingOf, readAuthMap, readHtpasswd, type Users } from './users.ts';

const names = ['auth-type', 'auth-secret', 'auth-secret-type', 'auth-realm'];

/**
 * Passwords (ingress-nginx 1.15.1, annotations/auth; scenarios auth-basic, satisfy). Envoy's own filter knows `{SHA}` alone;
 * other hashes are checked by a script, as far as it can.
 */
export const authBasic: Feature = {
  name: 'auth-basic',
  findings: types.authBasicFindings,
  location(location, context) {
    const { owner } = location;
    if (!hasAny(owner, names)) return nothing;
    const type = owner.annotations.get('auth-type');
    if (type === undefined) return idle(owner, names, 'auth-type is not set.');
    if (location.denied !== undefined) return idle(owner, names, 'The location returns 503 today.');
    if (isSparedFromAuth(location, context.settings))
      return idle(owner, names, 'The path is on the list no-auth-locations.');
    if (!isChecked(location)) return idle(owner, names, 'The location answers without asking anybody.');
    if (realmOf(location) === 'off')
      return {
        ...idle(owner, names, 'nginx takes the realm "off" for the word that turns passwords off.'),
        findings: [findingAt(types.realmOff, { path: location.path }, location, 'auth-realm')],
      };
    return protect(String(type.value), location, context);
  },
};

function realmOf({ owner }: Location): string {
  return String(owner.annotations.get('auth-realm')?.value ?? '');
}

function protect(type: string, location: Location, context: Context): FeatureResult {
  const { owner } = location;
  const alternatives = alternativesOf(location, context);
  const claimed = alternatives === undefined ? names : [...names, 'satisfy'];
  const carried = carry(type, location, context);
  if ('reason' in carried) {
    const args = { path: location.path, reason: carried.reason, remedy: carried.remedy };
    return {
      effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
      claims: claimAll(owner, claimed, 'closed', {
        reason: `Passwords aren't required: ${carried.reason}.`,
      }),
      findings: [findingAt(types.closed, args, location, 'auth-type')],
    };
  }
  const key = JSON.stringify(['password', secretOf(location), realmOf(location), alternatives]);
  return {
    ...carried,
    effects: [
      ...carried.effects,
      { kind: 'guard', key },
      // The application never sees the password (template/nginx.tmpl: Authorization "").
      { kind: 'forward', patch: { request: { remove: ['authorization'] } } },
    ],
    claims: [...claimAll(owner, claimed, 'converted', { fidelity: 'equivalent' }), ...carried.claims],
  };
}

const byHand =
  'Let the application, an auth service (auth-url) or RequestAuthentication take the place of passwords, or decide in the review.';
const optIn =
  'Allow EnvoyFilters (--envoy-filters allow), with --inline-secrets for passwords that are not hashed with {SHA}.';
const hashAgain =
  'Hash the passwords again: htpasswd -s makes {SHA}, htpasswd -m makes $apr1$, both from the password itself.';

function carry(type: string, location: Location, context: Context): FeatureResult | NotCarried {
  const { options } = context;
  if (type !== 'basic') return { reason: 'Envoy has no digest authentication', remedy: byHand };
  if (options.envoyFilters !== 'allow')
    return { reason: "Istio's stable API doesn't support it", remedy: optIn };
  const alternatives = alternativesOf(location, context);
  if (alternatives?.external)
    return { reason: 'with "satisfy any", external authentication would be enough', remedy: byHand };
  const free = alternatives?.addresses ? addressEffects(location, context) : [];
  if ('reason' in free) return free;
  const users = options.inlineSecrets ? usersOf(location, context) : undefined;
  if (users === undefined) return fromFile(free, location, context);
  const hashings = new Set([...users.values()].map(hashingOf));
  if (hashings.has('unknown')) {
    const lost = [...users.values()].filter((hash) => hashingOf(hash) === 'unknown').length;
    const reason = `${lost} of ${users.size} passwords are hashed in a way that cannot be checked, such as bcrypt`;
    return { reason, remedy: hashAgain };
  }
  const secret = secretOf(location);
  const inline = findingAt(types.usersInline, { path: location.path, secret }, location, 'auth-secret');
  if (users.size > 0 && !hashings.has('script') && free.length === 0 && !readsPathsAsNginx(options)) {
    return {
      effects: nativeEffects(users),
      claims: claimAll(location.owner, ['auth-realm'], 'converted', { fidelity: 'approximate' }),
      findings: [inline, findingAt(types.realm, { path: location.path }, location, 'auth-type')],
    };
  }
  if (isOlder(options.istioVersion, scriptSince))
    return {
      reason: `the script needs Istio ${scriptSince}`,
      remedy: 'Say --istio-version if yours is newer.',
    };
  return {
    effects: [...free, ...scriptEffects(users, realmOf(location), free.length > 0)],
    claims: [],
    findings: [inline, findingAt(types.script, { path: location.path }, location, 'auth-type')],
  };
}

/** Users in a file of the gateway's pods, which is for Envoy's own filter alone. */
function fromFile(free: readonly Effect[], location: Location, context: Context): FeatureResult | NotCarried {
  if (readsPathsAsNginx(context.options))
    return {
      reason: 'a file of users and paths that are read as nginx does exclude each other',
      remedy: optIn,
    };
  if (free.length > 0)
    return { reason: 'with "satisfy any", the users have to be in the EnvoyFilter', remedy: optIn };
  const secret = secretOf(location);
  const path = location.path;
  return {
    effects: [
      ...fileEffects(secret),
      { kind: 'step', step: mountStep(secret, context.options, location.origin) },
    ],
    claims: claimAll(location.owner, ['auth-realm'], 'converted', { fidelity: 'approximate' }),
    findings: [
      findingAt(types.usersFile, { path, secret }, location, 'auth-secret'),
      findingAt(types.realm, { path }, location, 'auth-type'),
    ],
  };
}

/** `namespace/name`; that it is there and may be used was looked at before (nginx/denials.ts). */
function secretOf({ owner }: Location): string {
  const name = String(owner.annotations.get('auth-secret')?.value ?? '');
  return name.includes('/') ? name : `${owner.ingress.ref.namespace}/${name}`;
}

/** Undefined where the input does not hold the Secret's data. */
function usersOf(location: Location, { cluster }: Context): Users | undefined {
  const secret = cluster.secret(secretOf(location));
  const entries = secret === undefined ? undefined : readSecretData(secret.source);
  if (entries === undefined) return undefined;
  return location.owner.annotations.get('auth-secret-type')?.value === 'auth-map'
    ? readAuthMap(entries)
    : readHtpasswd(entries.get('auth') ?? '');
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major !== thanMajor ? major < thanMajor : minor < thanMinor;
}
