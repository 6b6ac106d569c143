import type { Location } from '../../nginx/model.ts';
import { nothing } from '../../plan/result.ts';
import { claimAll } from '../claims.ts';
import type { Context, Feature } from '../feature.ts';
import { listsOf } from './address-lists.ts';
import { authCheckOf } from './external/check.ts';
import { isSparedFromAuth } from './no-auth-locations.ts';

/** The ways in which a location lets requests in, where one of them is enough (`satisfy: any`). */
export interface Alternatives {
  readonly external: boolean;
  readonly basic: boolean;
  /** There are lists of addresses; only one of admitted addresses lets anybody in. */
  readonly addresses: boolean;
}

/**
 * What a request has to pass one of: nginx's access lists, basic and external authentication. Undefined where all of
 * them have to be passed, or where there is but one (scenario satisfy; nginx, http/ngx_http_core_module.c
 * ngx_http_core_access_phase). Access lists must not become DENY policies where this is defined.
 */
export function alternativesOf(location: Location, context: Context): Alternatives | undefined {
  const { owner } = location;
  if (owner.annotations.get('satisfy')?.value !== 'any') return undefined;
  const spared = isSparedFromAuth(location, context.settings);
  const alternatives = {
    external: authCheckOf(location, context) !== undefined,
    basic: !spared && owner.annotations.has('auth-type'),
    addresses: listsOf(location, context) !== undefined,
  };
  return Object.values(alternatives).filter((one) => one).length > 1 ? alternatives : undefined;
}

/** `satisfy` where it has nothing to choose between; else the features of the protections themselves tell of it. */
export const satisfy: Feature = {
  name: 'satisfy',
  findings: [],
  location(location, context) {
    const { owner } = location;
    const value = owner.annotations.get('satisfy')?.value;
    if (value === undefined || alternativesOf(location, context) !== undefined) return nothing;
    return {
      ...nothing,
      claims:
        value === 'all'
          ? claimAll(owner, ['satisfy'], 'converted', { fidelity: 'exact' })
          : claimAll(owner, ['satisfy'], 'no-effect-today', {
              reason: 'There are no two ways to get in between which it could choose.',
            }),
    };
  },
};
