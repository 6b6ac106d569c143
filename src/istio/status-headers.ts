import type { Effect, StatusHeadersEffect } from '../plan/effect.ts';
import { luaOnRoutes, luaString } from '../plan/lua.ts';
import type { LocationPlan, ServerPlan } from '../plan/server-plan.ts';

/**
 * Headers that depend on the status of the answer, which a route cannot look at, as one Lua filter on the routes of each
 * location. It runs behind all others, so that it sees the status that the client gets.
 */
export function statusHeadersAsFilters(plan: ServerPlan): ServerPlan {
  const ofServer = plan.effects.filter((effect) => effect.kind === 'status-headers');
  const requested =
    ofServer.length > 0 || plan.locations.some(({ effects }) => effects.some(isStatusHeaders));
  return requested ? { ...plan, locations: plan.locations.map((one) => withFilter(one, ofServer)) } : plan;
}

function isStatusHeaders(effect: Effect): effect is StatusHeadersEffect {
  return effect.kind === 'status-headers';
}

function withFilter(
  { location, effects }: LocationPlan,
  ofServer: readonly StatusHeadersEffect[],
): LocationPlan {
  const requested = [...ofServer, ...effects.filter(isStatusHeaders)];
  if (requested.length === 0) return { location, effects };
  const filter = luaOnRoutes('status-headers', scriptOf(requested), { before: 'first', on: 'all' });
  return { location, effects: [...effects, ...filter] };
}

function scriptOf(requested: readonly StatusHeadersEffect[]): string {
  return [
    'function envoy_on_response(handle)',
    '  local headers = handle:headers()',
    '  local status = headers:get(":status")',
    ...requested.flatMap(({ statuses, response, expiresIn }) => [
      `  if ({ ${statuses.map((status) => `["${status}"] = true`).join(', ')} })[status] then`,
      ...operations(response),
      ...(expiresIn === undefined
        ? []
        : [
            `    headers:replace("expires", os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + ${expiresIn}))`,
          ]),
      '  end',
    ]),
    'end',
    '',
  ].join('\n');
}

function operations({ set = {}, add = {}, remove = [] }: StatusHeadersEffect['response']): string[] {
  return [
    ...remove.map((name) => `    headers:remove(${luaString(name)})`),
    ...Object.entries(set).map(([name, value]) => `    headers:replace(${luaString(name)}, ${plain(value)})`),
    ...Object.entries(add).map(([name, value]) => `    headers:add(${luaString(name)}, ${plain(value)})`),
  ];
}

/** Values are written for Envoy's formatter, in which a percent sign stands twice. */
function plain(value: string): string {
  return luaString(value.replaceAll('%%', '%'));
}
