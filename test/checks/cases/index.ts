import type { Case } from './case.ts';
import { credentialCases, networkPolicyCases, secretCollisionCases } from './certificates.ts';
import {
  destinationRuleCases,
  duplicateHostCases,
  duplicateObjectCases,
  existingObjectCases,
  schemaCases,
} from './objects.ts';
import {
  authorityCases,
  destinationCases,
  directResponseCases,
  headerValueCases,
  regexCases,
  routeNameCases,
  shadowedRouteCases,
} from './routes.ts';

/** The cases of each check, by its name. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  schema: schemaCases,
  'duplicate-objects': duplicateObjectCases,
  'duplicate-hosts': duplicateHostCases,
  'existing-objects': existingObjectCases,
  'destination-rules': destinationRuleCases,
  'shadowed-routes': shadowedRouteCases,
  'route-names': routeNameCases,
  regexes: regexCases,
  'header-values': headerValueCases,
  authorities: authorityCases,
  'direct-responses': directResponseCases,
  destinations: destinationCases,
  credentials: credentialCases,
  'secret-collisions': secretCollisionCases,
  'network-policies': networkPolicyCases,
};
