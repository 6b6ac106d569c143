import type { Effect } from './effect.ts';

/**
 * A small Lua script on the requests and answers of a location: a filter of its own for each purpose, so that two purposes on
 * one route do not meet. It is empty on other routes, and not `disabled`: Envoy leaves such a filter out by the route that it
 * finds first, and another filter may give the request another path (features/routing/paths.ts).
 */
export function luaOnRoutes(
  purpose: string,
  script: string,
  where: {
    readonly before: 'first' | 'router';
    readonly on: 'forwarded' | 'checked' | 'all';
    readonly priority?: number;
  } = {
    before: 'router',
    on: 'forwarded',
  },
): Effect[] {
  const name = `envoy.filters.http.lua.${purpose}`;
  const type = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3';
  return [
    {
      kind: 'http-filter',
      purpose,
      before: where.before,
      ...(where.priority !== undefined && { priority: where.priority }),
      filter: { name, typed_config: { '@type': `${type}.Lua` } },
    },
    {
      kind: 'route-filter',
      purpose,
      on: where.on,
      value: {
        typed_per_filter_config: {
          [name]: { '@type': `${type}.LuaPerRoute`, source_code: { inline_string: script } },
        },
      },
    },
  ];
}

/** A text as a Lua string, whatever it holds. */
export function luaString(text: string): string {
  const escaped = [...Buffer.from(text, 'utf8')].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9 !#$%&'()*+,\-./:;<=>?@^_`{|}~]/.test(character)
      ? character
      : `\\${String(byte).padStart(3, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
