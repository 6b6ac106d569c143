import type { Finding } from '../domain/findings.ts';
import type { Lookup } from '../nginx/lookup.ts';
import { authorities } from './authorities.ts';
import { type Check, type Checked, isVirtualService, outputOf } from './check.ts';
import { credentials } from './credentials.ts';
import { destinationRules } from './destination-rules.ts';
import { destinations } from './destinations.ts';
import { directResponses } from './direct-responses.ts';
import { duplicateHosts } from './duplicate-hosts.ts';
import { duplicateObjects } from './duplicate-objects.ts';
import { existingObjects } from './existing-objects.ts';
import { headerValues } from './header-values.ts';
import { networkPolicies } from './network-policies.ts';
import { regexes } from './regexes.ts';
import { routeNames } from './route-names.ts';
import { schema } from './schema.ts';
import { secretCollisions } from './secret-collisions.ts';
import { shadowedRoutes } from './shadowed-routes.ts';

/** Every check, in the order of its findings. */
export const checks: readonly Check[] = [
  schema,
  duplicateObjects,
  duplicateHosts,
  existingObjects,
  shadowedRoutes,
  routeNames,
  regexes,
  headerValues,
  authorities,
  directResponses,
  destinations,
  destinationRules,
  credentials,
  secretCollisions,
  networkPolicies,
];

/**
 * What parts of an output do to each other, each of which was checked by itself: hosts and names that meet.
 */
export function runChecksAcross(checked: Checked): Finding[] {
  const output = outputOf(checked);
  return [duplicateObjects, duplicateHosts].flatMap((check) => check.run?.(output) ?? []);
}

/** What is wrong with an output as a whole, or with its objects beside what the input holds. */
export function runChecks(checked: Checked, lookup?: Lookup): Finding[] {
  const output = outputOf(checked, lookup);
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => void findings.push(finding);
  for (const check of checks) for (const finding of check.run?.(output) ?? []) tell(finding);
  const ofObjects = checks.flatMap((check) => check.ofObject?.(checked) ?? []);
  const ofVirtualServices = checks.flatMap((check) => check.ofVirtualService?.() ?? []);
  for (const placed of output.all) {
    for (const look of ofObjects) look(placed, tell);
    if (isVirtualService(placed)) for (const look of ofVirtualServices) look(placed, tell);
  }
  return findings;
}
