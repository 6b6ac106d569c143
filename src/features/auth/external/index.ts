import { type Finding, finding } from '../../../domain/findings.ts';
import type { Options } from '../../../domain/options.ts';
import { inside, type Origin } from '../../../domain/origin.ts';
import type { OutcomeStatus } from '../../../domain/outcome.ts';
import { isAuthUrl } from '../../../nginx/denials.ts';
import type { Location } from '../../../nginx/model.ts';
import { type Claim, type FeatureResult, nothing } from '../../../plan/result.ts';
import type { Step } from '../../../plan/step.ts';
import { claimAll, findingAt, hasAny } from '../../claims.ts';
import type { Context, Feature } from '../../feature.ts';
import { isChecked } from '../access-lists.ts';
import { isSparedFromAuth } from '../no-auth-locations.ts';
import { alternativesOf } from '../satisfy.ts';
import { type Carried, carry } from './carry.ts';
import { type AuthCheck, authCheckOf, switchedOffBy } from './check.ts';
import * as types from './findings.ts';
import { readAuthSnippet } from './snippet.ts';
import { constantsOf } from './template.ts';

const names = [
  'auth-url',
  'auth-method',
  'auth-signin',
  'auth-signin-redirect-param',
  'auth-snippet',
  'auth-cache-key',
  'auth-cache-duration',
  'auth-response-headers',
  'auth-proxy-set-headers',
  'auth-request-redirect',
  'auth-always-set-cookie',
];

/**
 * External authentication (ingress-nginx 1.15.1, annotations/authreq, authreqglobal; scenarios auth-url*, global-auth-url): an
 * extension provider where one is named, else nginx's own question in a Lua filter; else the location is closed.
 */
export const authExternal: Feature = {
  name: 'auth-external',
  findings: types.authExternalFindings,
  server(server, context) {
    const { model, settings, options } = context;
    const url = settings.global('global-auth-url')?.trim();
    const findings: Finding[] = [];
    if (url !== undefined && !isAuthUrl(url) && model.servers[0] === server) {
      const { configOrigin } = model.controller;
      const origin = configOrigin && inside(configOrigin, 'global-auth-url');
      findings.push(finding(types.globalOpen, { url }, { origin }));
    }
    const requested = server.locations.find((location) => authCheckOf(location, context) !== undefined);
    if (
      requested === undefined ||
      (options.envoyFilters !== 'allow' && options.extAuthProvider === undefined)
    )
      return { effects: [], claims: [], findings };
    const origin = requested.owner.annotations.get('auth-url')?.origin ?? requested.origin;
    return { effects: [{ kind: 'step', step: verify(origin, options) }], claims: [], findings };
  },
  location(location, context) {
    const { owner } = location;
    if (!owner.annotations.has('auth-url') && context.settings.global('global-auth-url') === undefined)
      return hasAny(owner, names) ? idle(location, 'auth-url is not set.') : nothing;
    const check = authCheckOf(location, context);
    if (check === undefined) {
      const spared = isSparedFromAuth(location, context.settings);
      return idle(
        location,
        spared ? 'The path is on the list no-auth-locations.' : 'No external authentication acts here.',
        check,
        owner.annotations.get('enable-global-auth')?.value === false ? 'converted' : 'no-effect-today',
      );
    }
    if (location.denied !== undefined) return idle(location, 'The location returns 503 today.', check);
    if (location.backend.kind === 'unavailable' || !isChecked(location))
      return idle(location, 'The location answers without asking anybody.', check);
    return protect(check, location, context);
  },
};

/** What asks is apart from the routes: without it they are open. */
function verify(origin: Origin, { envoyFilters, extAuthProvider }: Options): Step {
  const what =
    extAuthProvider === undefined && envoyFilters === 'allow'
      ? 'the EnvoyFilter ingress-external-auth'
      : `the extension provider ${extAuthProvider}`;
  return {
    kind: 'verify',
    key: 'external-auth',
    title: `See that ${what} is in force before clients come: a request without credentials must be refused`,
    commands: [
      'curl --silent --output /dev/null --write-out "%{http_code}\\n" --connect-to "::$GATEWAY:" "http://$HOST/"',
    ],
    origins: [origin],
  };
}

/** Nothing is asked here; the directives of a snippet, too, have no effect. */
function idle(
  { owner }: Location,
  reason: string,
  check?: AuthCheck,
  optOut: OutcomeStatus = 'no-effect-today',
): FeatureResult {
  const outcomes = check?.snippet?.annotation
    ? readAuthSnippet(check.snippet, new Map()).outcomes.map((outcome) => ({
        ...outcome,
        status: 'no-effect-today' as const,
        fidelity: undefined,
        reason,
      }))
    : [];
  return {
    effects: [],
    claims: [
      ...claimAll(owner, names, 'no-effect-today', { reason }),
      ...claimAll(
        owner,
        ['enable-global-auth'],
        optOut,
        optOut === 'converted' ? { fidelity: 'exact' } : { reason },
      ),
    ],
    findings: [],
    outcomes,
  };
}

function protect(check: AuthCheck, location: Location, context: Context): FeatureResult {
  const { owner, path } = location;
  const snippet = readAuthSnippet(check.snippet, constantsOf(location));
  const alternatives = alternativesOf(location, context);
  const carried = carry(check, snippet, location, context, alternatives);
  const optedOut = claimAll(owner, ['enable-global-auth'], 'no-effect-today', {
    reason: check.by === 'global' ? 'It is the default.' : 'auth-url goes before the global authentication.',
  });
  const with_ = alternatives === undefined ? names : [...names, 'satisfy'];
  if (!carried.ok) {
    const args = { path, url: check.url, reason: carried.reason, remedy: carried.remedy };
    return {
      effects: [{ kind: 'answer', phase: 'closed', answer: { status: 503 } }],
      claims: [...claimAll(owner, with_, 'closed', { reason: sentence(carried.reason) }), ...optedOut],
      findings: [findingAt(types.closed, args, location, 'auth-url')],
      outcomes: snippet.outcomes.map((outcome) => ({
        ...outcome,
        status: 'closed' as const,
        fidelity: undefined,
        reason: outcome.status === 'closed' ? outcome.reason : sentence(carried.reason),
      })),
    };
  }
  return {
    effects: carried.effects,
    claims: [...claims(carried, location, with_), ...optedOut],
    findings: [...carried.findings, ...common(check, carried, location)],
    outcomes: snippet.outcomes,
  };
}

function claims({ left }: Carried, { owner }: Location, all: readonly string[]): Claim[] {
  const cache = ['auth-cache-key', 'auth-cache-duration'];
  const kept = all.filter((name) => !cache.includes(name) && !left.has(name));
  return [
    ...claimAll(owner, kept, 'converted'),
    ...[...left].flatMap(([name, reason]) => claimAll(owner, [name], 'opt-in', { reason })),
    ...claimAll(owner, cache, 'not-needed', {
      fidelity: 'approximate',
      reason: "Envoy doesn't cache responses of the auth service: it calls it for each request.",
    }),
  ];
}

/** What is to be told of a location that is protected, in whatever way. */
function common(check: AuthCheck, { service }: Carried, location: Location) {
  const { owner, path } = location;
  const off = check.by === 'annotation' ? switchedOffBy(owner) : undefined;
  return [
    ...(check.cached ? [findingAt(types.notCached, { path }, location, 'auth-cache-key')] : []),
    ...(service.missing === undefined
      ? []
      : [
          findingAt(
            types.missingService,
            { path, url: check.url, reason: service.missing },
            location,
            'auth-url',
          ),
        ]),
    ...(service.unverified
      ? [findingAt(types.unverified, { host: service.host }, location, 'auth-url')]
      : []),
    ...(off === undefined
      ? []
      : [findingAt(types.protectedAgain, { path, name: off.mapping.name }, location, 'auth-url')]),
    ...(check.signIn !== undefined && owner.annotations.has('auth-type')
      ? [findingAt(types.passwordSignIn, { path }, location, 'auth-signin')]
      : []),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
