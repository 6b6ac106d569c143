import type { DraftLocation } from './draft.ts';
import type { Match, ModelIngress } from './model.ts';

export interface OrderedLocation {
  readonly location: DraftLocation;
  readonly matches: readonly Match[];
  readonly slashRedirectFrom: string | undefined;
}

export interface Order {
  readonly regex: boolean;
  readonly locations: readonly OrderedLocation[];
  /** Two blocks with one name: nginx refuses its whole configuration then. The later one is left out. */
  readonly collisions: readonly {
    readonly kept: DraftLocation;
    readonly lost: DraftLocation;
    readonly block: string;
  }[];
  /** Patterns that an earlier block of the same text takes all requests from. */
  readonly shadowed: readonly { readonly lost: DraftLocation; readonly winner: DraftLocation }[];
}

/**
 * The `location` blocks of a server in the order in which nginx chooses. Without regular expressions that is: exact,
 * then the longest prefix. With one, all locations are tried in the order in which they are written: longest path text
 * first, then by text descending (ingress-nginx 1.15.1, controller/controller.go getBackendServers, controller/location.go
 * updateServerLocations, template/template.go enforceRegexModifier and buildLocation).
 */
export function orderLocations(drafts: readonly DraftLocation[]): Order {
  // Equal ones stay in the order in which they were drafted.
  const written = drafts.toSorted((a, b) => byLengthThenText(a.path, b.path));
  const exactPaths = new Set<string>();
  for (const { path, pathType } of written) if (pathType === 'Exact') exactPaths.add(path);
  const blocks = written.map((location) => splitPrefix(location, exactPaths));
  const regex = blocks.some(({ location, matches }) => isRegex(location.owner, matches[0]!.path));
  if (regex) {
    const each = blocks.flatMap(({ location, matches }) =>
      sameRewrite(location, matches).map(
        (group): OrderedLocation => ({
          location,
          matches: group.map(({ path }) => ({ kind: 'regex', path })),
          slashRedirectFrom: undefined,
        }),
      ),
    );
    return { regex, ...withoutShadowed(each), collisions: [] };
  }
  const { kept, collisions } = withoutCollisions(blocks);
  const rank = (block: OrderedLocation): number =>
    block.matches.every((match) => match.kind === 'exact') ? 0 : 1;
  const exact = new Set<string>();
  for (const { matches } of kept) for (const { kind, path } of matches) if (kind === 'exact') exact.add(path);
  const locations = kept.map((block): OrderedLocation => {
    const from = slashRedirect(block, exact);
    if (from === undefined) return block;
    // Exact and Prefix `/foo/` would redirect the same request.
    exact.add(from);
    return { ...block, slashRedirectFrom: from };
  });
  return { regex, locations: locations.sort((a, b) => rank(a) - rank(b)), collisions, shadowed: [] };
}

/** Of two patterns with one text the first answers every request (scenario edge-same-path-prefix-regex-conflict). */
function withoutShadowed(blocks: readonly OrderedLocation[]): Pick<Order, 'locations' | 'shadowed'> {
  const taken = new Map<string, DraftLocation>();
  const shadowed: { lost: DraftLocation; winner: DraftLocation }[] = [];
  const locations: OrderedLocation[] = [];
  for (const block of blocks) {
    const matches = block.matches.filter(({ path }) => !taken.has(path));
    const winner = taken.get(block.matches[0]!.path);
    if (matches.length > 0) locations.push({ ...block, matches });
    else if (winner !== undefined) shadowed.push({ lost: block.location, winner });
    for (const { path } of matches) taken.set(path, block.location);
  }
  return { locations, shadowed };
}

/** The halves of a split prefix stay together unless only one of them rewrites, as with `rewrite-target: /foo` on `/foo`. */
function sameRewrite({ owner }: DraftLocation, matches: readonly Match[]): (readonly Match[])[] {
  const targets = new Set(matches.map(({ path }) => rewriteTarget(owner, path)));
  return targets.size === 1 ? [matches] : matches.map((match) => [match]);
}

/** Prefix `/foo` and Prefix `/foo/` both write `location "/foo/"` (scenario edge-impl-noslash-and-prefix-slash). */
function withoutCollisions(blocks: readonly OrderedLocation[]): {
  kept: OrderedLocation[];
  collisions: Order['collisions'];
} {
  const taken = new Map<string, DraftLocation>();
  const collisions: { kept: DraftLocation; lost: DraftLocation; block: string }[] = [];
  const kept: OrderedLocation[] = [];
  for (const block of blocks) {
    const free = block.matches.filter((match) => {
      const name = `${match.kind === 'exact' ? '= ' : ''}${match.path}`;
      const owner = taken.get(name);
      if (owner === undefined) taken.set(name, block.location);
      else collisions.push({ kept: owner, lost: block.location, block: name });
      return owner === undefined;
    });
    if (free.length === block.matches.length) kept.push(block);
    else if (free.length > 0) kept.push({ ...block, matches: free });
  }
  return { kept, collisions };
}

function byLengthThenText(a: string, b: string): number {
  const lengthA = Buffer.byteLength(a);
  const lengthB = Buffer.byteLength(b);
  if (lengthA !== lengthB) return lengthB - lengthA;
  return a === b ? 0 : a > b ? -1 : 1;
}

/** Prefix `/foo` becomes `location "/foo/"` and `location = "/foo"`, unless it has a rewrite or a regex of its own. */
function splitPrefix(location: DraftLocation, exactPaths: ReadonlySet<string>): OrderedLocation {
  const { path, pathType, owner } = location;
  const block = (...matches: Match[]): OrderedLocation => ({
    location,
    matches,
    slashRedirectFrom: undefined,
  });
  if (pathType === 'Exact') return block({ kind: 'exact', path });
  if (path.endsWith('/') || isRegex(owner, path)) return block({ kind: 'prefix', path });
  const prefix: Match = { kind: 'prefix', path: `${path}/` };
  return exactPaths.has(path) ? block(prefix) : block(prefix, { kind: 'exact', path });
}

/** Whether a location of this path makes all of its host's locations regular expressions. */
export function isRegex(owner: ModelIngress, path: string): boolean {
  return owner.annotations.get('use-regex')?.value === true || rewriteTarget(owner, path) !== undefined;
}

/** The effective `rewrite-target`: a target equal to the location's own path does nothing (controller/location.go needsRewrite). */
export function rewriteTarget(owner: ModelIngress, path: string): string | undefined {
  const target = owner.annotations.get('rewrite-target')?.value;
  return typeof target === 'string' && target !== '' && target !== path ? target : undefined;
}

/**
 * nginx answers 301 to a request for `/foo` where only `/foo/` has a location (ngx_http_core_module, auto_redirect;
 * scenario path-prefix-trailing-slash). Only for blocks that proxy, which all of ingress-nginx's do.
 */
function slashRedirect(
  { location, matches }: OrderedLocation,
  exactPaths: ReadonlySet<string>,
): string | undefined {
  if (matches.length !== 1 || location.path === '/' || !location.path.endsWith('/')) return undefined;
  const without = location.path.slice(0, -1);
  return exactPaths.has(without) || without === '' ? undefined : without;
}
