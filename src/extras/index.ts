import { outputOf } from '../checks/check.ts';
import { schema } from '../checks/schema.ts';
import { type Conversion, partsOf } from '../conversion/conversion.ts';
import type { Mappings } from '../decode/mapping.ts';
import type { Finding } from '../domain/findings.ts';
import { settingsReader } from '../nginx/settings.ts';
import { limitRules } from './destination-rules.ts';
import { type Extras, joinExtras } from './extras.ts';
import { workloadPolicies } from './policies.ts';
import { telemetry } from './telemetry.ts';

/**
 * The conversion with what Istio adds, where `--with` asks for it: objects that stand beside the converted ones, change none of
 * them, and can be applied and taken away by themselves. They pass the same schemas.
 */
export function withExtras(conversion: Conversion, mappings: Mappings): Conversion {
  if (conversion.options.extras.length === 0) return conversion;
  const { objects, findings } = extrasOf(conversion, mappings);
  return {
    ...conversion,
    extras: objects,
    findings: [...conversion.findings, ...findings, ...refused(conversion, objects)],
  };
}

function extrasOf(conversion: Conversion, mappings: Mappings): Extras {
  const parts = partsOf(conversion);
  return joinExtras([
    ...parts.flatMap((part) => {
      const settings = settingsReader(part.model.controller, mappings);
      return [limitRules(part, conversion, settings), telemetry(part, settings)];
    }),
    workloadPolicies(parts, conversion),
  ]);
}

function refused(conversion: Conversion, objects: Extras['objects']): Finding[] {
  const checked = { ...conversion, objects };
  const findings: Finding[] = [];
  const look = schema.ofObject!(checked);
  for (const placed of outputOf(checked).all) look(placed, (found) => void findings.push(found));
  return findings;
}
