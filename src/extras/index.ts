import { outputOf } from '../checks/check.ts';
import { schema } from '../checks/schema.ts';
import { type Conversion, partsOf } from '../conversion/conversion.ts';
import type { Mappings } from '../decode/mapping.ts';
import type { Finding } from '../domain/findings.ts';
import { qualifiedName } from '../domain/origin.ts';
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
  const before = withoutEarlier(conversion.findings, objects);
  return {
    ...conversion,
    extras: objects,
    findings: [...before, ...findings, ...refused(conversion, objects)],
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

/** Checks of one controller of several don't know the extras of all, and take an earlier version in the input for a foreign object. */
function withoutEarlier(findings: readonly Finding[], objects: Extras['objects']): readonly Finding[] {
  const written = new Set(
    objects.map(({ object: { kind, metadata } }) => `${kind} ${metadata.namespace}/${metadata.name}`),
  );
  return findings.filter(({ type, origin }) => {
    const ref = origin?.source.ref;
    const ours = ref !== undefined && written.has(`${ref.kind} ${qualifiedName(ref)}`);
    return !(ours && type.code.startsWith('check/'));
  });
}

function refused(conversion: Conversion, objects: Extras['objects']): Finding[] {
  const checked = { ...conversion, objects };
  const findings: Finding[] = [];
  const look = schema.ofObject!(checked);
  for (const placed of outputOf(checked).all) look(placed, (found) => void findings.push(found));
  return findings;
}
