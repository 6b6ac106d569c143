import { type Directive, parseDirectives } from '../../nginx/directives/parse.ts';
import type { NginxModel, Server } from '../../nginx/model.ts';
import type { Settings } from '../../nginx/settings.ts';

/** The statuses that the controller's block lists and snippets which act on a server may answer with, whatever their conditions say. */
export function snippetAnswers(
  { controller }: NginxModel,
  settings: Settings,
): (server: Server | undefined) => ReadonlySet<number> {
  const global = ['http-snippet', 'server-snippet', 'location-snippet'].flatMap(
    (key) => settings.global(key) ?? [],
  );
  // What the lists block is refused before a server is chosen, by headers that a log may not have.
  const lists = ['block-cidrs', 'block-user-agents', 'block-referers'];
  const isBlocking = lists.some((key) => settings.global(key) !== undefined);
  const common = new Set([...global.flatMap(statusesOf), ...(isBlocking ? [403] : [])]);
  const known = new Map<Server, ReadonlySet<number>>();
  return (server) => {
    if (server === undefined || !controller.snippets) return common;
    const found = known.get(server) ?? new Set([...common, ...textsOf(server).flatMap(statusesOf)]);
    known.set(server, found);
    return found;
  };
}

function textsOf({ ingresses, locations }: Server): string[] {
  const owners = new Set([...ingresses, ...locations.map(({ owner }) => owner)]);
  return [...owners].flatMap(({ annotations }) =>
    ['server-snippet', 'configuration-snippet'].flatMap((name) => {
      const value = annotations.get(name)?.value;
      return value === undefined ? [] : [String(value)];
    }),
  );
}

function statusesOf(text: string): number[] {
  return parseDirectives(text).directives.flatMap(statusesOfDirective);
}

function statusesOfDirective({ name, args, block }: Directive): number[] {
  const words = args.map(({ text }) => text);
  const inner = typeof block === 'object' ? block.flatMap(statusesOfDirective) : [];
  if (name === 'return') return [/^\d{3}$/.test(words[0] ?? '') ? Number(words[0]) : 302];
  if (name === 'rewrite' && words.includes('permanent')) return [301];
  if (name === 'rewrite' && (words.includes('redirect') || /^https?:/.test(words[1] ?? ''))) return [302];
  if (name === 'deny') return [403];
  return inner;
}
