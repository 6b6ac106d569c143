import type { Fidelity } from '../domain/outcome.ts';

/** What we claim, in words; the support table of `mappings/` says the same. */
export const fidelityMeanings: Readonly<Record<Fidelity, string>> = {
  exact: 'Clients and services see the same.',
  equivalent: 'It does the same job; what differs at the edges is in the note.',
  approximate: 'The nearest that Istio has. The difference can matter; each conversion reports it.',
  'opt-in': 'It converts with an option that is off by default, such as EnvoyFilters.',
  manual: 'It needs manual migration; the report says what to do.',
  'not-needed': 'Nothing has to be done on Istio.',
  impossible: 'Neither Istio nor Envoy can do it; the report names the best alternative.',
};

export const fidelities = Object.keys(fidelityMeanings) as readonly Fidelity[];
