import { controllerOptions } from '../decode/mappings.ts';
import { filterOptions, handledOptions } from '../features/options.ts';
import type { Finding } from '../findings.ts';
import type { Outcome, OutcomeStatus } from '../outcome.ts';
import { inside } from '../read/origin.ts';
import type { Books } from './index.ts';

/** Outcomes of the keys that the controller's ConfigMap sets. */
export function optionOutcomes({ built, options }: Books): { outcomes: Outcome[]; findings: Finding[] } {
  const { config, configOrigin } = built.model.controller;
  if (configOrigin === undefined) return { outcomes: [], findings: [] };
  const known = new Map(controllerOptions().map((option) => [option.name, option]));
  const outcomes = [...config].map(([name, value]): Outcome => {
    const option = known.get(name);
    const status: OutcomeStatus =
      option === undefined
        ? 'unknown'
        : handledOptions.has(name) || (filterOptions.has(name) && options.envoyFilters === 'allow')
          ? 'converted'
          : filterOptions.has(name)
            ? 'opt-in'
            : option.fidelity === 'not-needed'
              ? 'not-needed'
              : option.fidelity === 'impossible'
                ? 'impossible'
                : 'manual';
    return {
      subject: { kind: 'option', name, value: value.slice(0, 200), origin: inside(configOrigin, name) },
      status,
      fidelity: status === 'converted' ? option?.fidelity : undefined,
      targets: [],
      reason:
        option === undefined
          ? 'ingress-nginx 1.15.1 has no such key and ignores it.'
          : status === 'converted'
            ? ''
            : option.istio,
      findings: [],
    };
  });
  return { outcomes, findings: [] };
}
