import { checks } from './checks/index.ts';
import { forbidden, forbiddenEssential, noIngressApi } from './cluster/findings.ts';
import { controllerGatewayFindings } from './controllers/findings.ts';
import { decisionFindingTypes } from './decisions/findings.ts';
import { mappingFindings } from './decode/load-mappings.ts';
import type { FindingType } from './domain/findings.ts';
import { extraFindingTypes } from './extras/findings.ts';
import { features } from './features/index.ts';
import { platformFindingTypes } from './features/platform-findings.ts';
import { assemblyFindingTypes } from './istio/assemble.ts';
import { meshFindingTypes } from './istio/mesh.ts';
import { protectionFindingTypes } from './istio/protection.ts';
import { meshReleaseFindingTypes } from './istio/release.ts';
import { tcpFindingTypes } from './istio/tcp.ts';
import { telemetryFindingTypes } from './istio/telemetry.ts';
import { ledgerFindingTypes } from './ledger/findings.ts';
import { controllerFindingTypes } from './nginx/controller.ts';
import { readFindingTypes } from './read/findings.ts';
import { selectionFindingTypes } from './selection/findings.ts';

/** Every kind of finding there is, sorted by code: the SARIF rules, and what `explain` knows. A test holds it complete. */
export const findingTypes: readonly FindingType<never>[] = distinct([
  ...readFindingTypes,
  forbidden,
  forbiddenEssential,
  noIngressApi,
  ...Object.values(mappingFindings),
  ...controllerFindingTypes,
  ...controllerGatewayFindings,
  ...features.flatMap(({ findings }) => findings),
  ...platformFindingTypes,
  ...assemblyFindingTypes,
  ...protectionFindingTypes,
  ...meshFindingTypes,
  ...meshReleaseFindingTypes,
  ...telemetryFindingTypes,
  ...tcpFindingTypes,
  ...extraFindingTypes,
  ...checks.flatMap(({ findings }) => findings),
  ...ledgerFindingTypes,
  ...decisionFindingTypes,
  ...selectionFindingTypes,
]);

/** Two features may tell the same. */
function distinct(types: readonly FindingType<never>[]): FindingType<never>[] {
  return [...new Set(types)].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
}
