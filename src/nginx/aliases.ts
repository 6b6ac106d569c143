import type { DraftServer } from './draft.ts';
import type { Alias, Server } from './model.ts';

type Aliases = Pick<Server, 'aliases' | 'lostAliases'>;

/**
 * The aliases of each server, by host. The first list of a host counts, without the names of other servers (ingress-nginx
 * 1.15.1, controller/controller.go createServers; scenario server-alias). Of two servers with one alias nginx takes the first
 * that is written, which is the one whose name sorts first (controller/controller.go getBackendServers sorts them, with `_` for
 * the catch-all; nginx: "conflicting server name, ignored").
 */
export function aliasesOf(servers: ReadonlyMap<string, DraftServer>): (host: string) => Aliases {
  const byHost = new Map<string, Aliases>();
  const winners = new Map<string, string>();
  const asking = [...servers.values()].filter(asksForAliases);
  for (const draft of asking.sort((a, b) => (writtenName(a) < writtenName(b) ? -1 : 1))) {
    const aliases: Alias[] = [];
    const lostAliases: (Alias & { readonly winner: string })[] = [];
    for (const alias of listOf(draft)) {
      if (alias.name === draft.host || servers.has(alias.name)) continue;
      const winner = winners.get(alias.name);
      if (winner !== undefined) lostAliases.push({ ...alias, winner });
      else {
        winners.set(alias.name, draft.host);
        aliases.push(alias);
      }
    }
    byHost.set(draft.host, { aliases, lostAliases });
  }
  return (host) => byHost.get(host) ?? none;
}

const none: Aliases = { aliases: [], lostAliases: [] };

function asksForAliases({ ingresses }: DraftServer): boolean {
  return ingresses.some(({ annotations }) => annotations.has('server-alias'));
}

function writtenName({ host }: DraftServer): string {
  return host === '' ? '_' : host;
}

function listOf({ ingresses }: DraftServer): Alias[] {
  for (const { canary, annotations } of ingresses) {
    const annotation = canary ? undefined : annotations.get('server-alias');
    if (annotation === undefined || !Array.isArray(annotation.value)) continue;
    const names = [...new Set(annotation.value as string[])].sort();
    return names.map((name) => ({ name, annotation }));
  }
  return [];
}
