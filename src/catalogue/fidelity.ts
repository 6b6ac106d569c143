import type { Fidelity } from '../domain/outcome.ts';

/** What we claim, in words; the support table of `mappings/` says the same. */
export const fidelityMeanings: Readonly<Record<Fidelity, string>> = {
  exact: 'Clients and services see the same.',
  equivalent: 'It does the same job; what differs at the edges is in the note.',
  approximate: 'The nearest that Istio has. The difference can matter and is told with each conversion.',
  'opt-in': 'It can be carried over with an option that is off by default, such as EnvoyFilters.',
  manual: 'A person has to do it; the report says what and how.',
  'not-needed': 'Nothing has to be done on Istio.',
  impossible: 'Neither Istio nor Envoy can do it; the best way round is told.',
};

export const fidelities = Object.keys(fidelityMeanings) as readonly Fidelity[];
