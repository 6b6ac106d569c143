import type { HeaderOperations } from '../istio-api/types.ts';
import type { Effect } from '../plan/effect.ts';
import type { LocationPlan, ServerPlan } from '../plan/server-plan.ts';

const name = 'ingress2istio.reply-headers';
const type = 'type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3';

const filter: Effect = {
  kind: 'http-filter',
  purpose: 'reply-headers',
  before: 'router',
  filter: { name, typed_config: { '@type': `${type}.HeaderMutation` } },
};

/**
 * A filter that refuses a request answers in place of the route. Envoy then writes the headers of a route that forwards, and not
 * those of one that answers by itself; nginx writes those of the location in both cases. With EnvoyFilters allowed another filter
 * writes them (scenario location-annotations-not-shared).
 */
export function withReplyHeaders(plan: ServerPlan): ServerPlan {
  return plan.locations.some(isRefused) ? { ...plan, locations: plan.locations.map(withHeaders) } : plan;
}

/** Whether a filter may refuse requests that the route would answer with 404. */
function isRefused({ location, effects }: LocationPlan): boolean {
  return (
    location.backend.kind === 'not-found' &&
    effects.some((effect) => effect.kind === 'route-filter' && effect.on === 'checked')
  );
}

function withHeaders(plan: LocationPlan): LocationPlan {
  return isRefused(plan) ? { ...plan, effects: [...plan.effects, filter, { kind: 'reply-headers' }] } : plan;
}

/** The settings of a route for the filter; undefined where the route writes no headers. */
export function replyHeadersOf(response: HeaderOperations | undefined): object | undefined {
  const { set = {}, add = {}, remove = [] } = response ?? {};
  const append = (headers: Readonly<Record<string, string>>, action: string) =>
    Object.entries(headers).map(([key, value]) => ({
      append: { header: { key, value }, append_action: action },
    }));
  const mutations = [
    ...remove.map((header) => ({ remove: header })),
    ...append(set, 'OVERWRITE_IF_EXISTS_OR_ADD'),
    ...append(add, 'ADD_IF_ABSENT'),
  ];
  if (mutations.length === 0) return undefined;
  return {
    typed_per_filter_config: {
      [name]: { '@type': `${type}.HeaderMutationPerRoute`, mutations: { response_mutations: mutations } },
    },
  };
}
