import type { Finding } from '../../../domain/findings.ts';
import type { Location } from '../../../nginx/model.ts';
import type { Effect } from '../../../plan/effect.ts';
import type { Context } from '../../feature.ts';
import { headersOutside } from '../../headers/headers-outside.ts';
import { addressEffects, listsOf, type NotCarried as Refusal } from '../address-lists.ts';
import type { Alternatives } from '../satisfy.ts';
import type { AuthCheck } from './check.ts';
import { filterEffects, filterSince } from './filter.ts';
import { providerEffects } from './provider.ts';
import { type AuthService, authServiceOf } from './service.ts';
import type { SnippetResult } from './snippet.ts';

export interface Carried {
  readonly ok: true;
  readonly service: AuthService;
  readonly effects: readonly Effect[];
  readonly findings: readonly Finding[];
  /** Annotations that are left out although the location is protected, with the reason. */
  readonly left: ReadonlyMap<string, string>;
}

export interface NotCarried extends Refusal {
  readonly ok: false;
}

const byHand = 'Choose a replacement in the review, or write the check manually.';
const optIn =
  'Allow EnvoyFilters (--envoy-filters allow), which ask as nginx does; or name an extension provider of the mesh that asks the auth service (--ext-auth-provider NAME).';

/** Carries a check over in the way that the options allow. */
export function carry(
  check: AuthCheck,
  snippet: SnippetResult,
  location: Location,
  context: Context,
  alternatives: Alternatives | undefined,
): Carried | NotCarried {
  const { extAuthProvider: name, envoyFilters, istioVersion } = context.options;
  if (alternatives?.basic)
    return {
      ok: false,
      reason: 'a password would do as well, which Envoy cannot choose between',
      remedy: byHand,
    };
  if (snippet.unknown !== undefined)
    return { ok: false, reason: `its snippet contains "${snippet.unknown}"`, remedy: byHand };
  const found = authServiceOf(check, location, context);
  if (!found.ok) return { ...found, remedy: byHand };
  const { service } = found;
  const free = alternatives?.addresses ? addressEffects(location, context) : [];
  if ('reason' in free) return { ok: false, ...free };
  if (name !== undefined) {
    const lists = free.length > 0 ? listsOf(location, context) : undefined;
    const result = providerEffects(name, check, service, snippet.settings, location, context, lists);
    if (!result.ok) return { ...result, remedy: envoyFilters === 'allow' ? byHand : optIn };
    return { ...result, service, left: leftByProvider };
  }
  if (envoyFilters !== 'allow')
    return { ok: false, reason: "Istio's stable API can't call it the same way", remedy: optIn };
  if (isOlder(istioVersion, filterSince))
    return {
      ok: false,
      reason: `the filter that asks needs Istio ${filterSince}`,
      remedy: `Say --istio-version ${filterSince} or later if no older release has to take the output.`,
    };
  const result = filterEffects(
    check,
    service,
    snippet.settings,
    free,
    headersOutside(location.server, context),
  );
  return result.ok ? { ...result, findings: [], service, left: new Map() } : { ...result, remedy: byHand };
}

const leftByProvider: ReadonlyMap<string, string> = new Map([
  ['auth-method', 'An extension provider asks with the method of the request.'],
  ['auth-signin', 'An extension provider hands the 401 on.'],
  ['auth-signin-redirect-param', 'An extension provider hands the 401 on.'],
]);

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major !== thanMajor ? major < thanMajor : minor < thanMinor;
}
