import type { Severity } from '../domain/findings.ts';
import type { Progress, RowState } from './progress.ts';
import type { Row } from './rows.ts';

/** What the list shows; `text` is as typed: words, and `ns:`, `host:`, `severity:`, `state:` with a value. */
export interface Filter {
  readonly text: string;
  readonly severity: Severity | undefined;
  readonly state: RowState | undefined;
}

export const noFilter: Filter = { text: '', severity: undefined, state: undefined };

export const sorts = ['risk', 'count', 'name'] as const;
export type Sort = (typeof sorts)[number];

/** A filter, read. */
export interface Wanted {
  readonly words: readonly string[];
  readonly namespaces: readonly string[];
  readonly hosts: readonly string[];
  readonly severities: readonly string[];
  readonly states: readonly string[];
}

const names = {
  ns: 'namespaces',
  namespace: 'namespaces',
  host: 'hosts',
  severity: 'severities',
  state: 'states',
} as const;

export function parseFilter({ text, severity, state }: Filter): Wanted {
  const wanted = {
    words: [] as string[],
    namespaces: [] as string[],
    hosts: [] as string[],
    severities: severity === undefined ? [] : [severity as string],
    states: state === undefined ? [] : [state as string],
  };
  for (const word of text.toLowerCase().split(/\s+/)) {
    const colon = word.indexOf(':');
    const name = names[word.slice(0, Math.max(0, colon)) as keyof typeof names];
    const value = word.slice(colon + 1);
    if (name !== undefined && value !== '') wanted[name].push(value);
    else if (name === undefined && word !== '') wanted.words.push(word);
  }
  return wanted;
}

export function visibleRows(
  rows: readonly Row[],
  wanted: Wanted,
  sort: Sort,
  progress: ReadonlyMap<string, Progress>,
): readonly Row[] {
  const all = Object.values(wanted).every((values) => values.length === 0);
  const shown = all
    ? rows
    : rows.filter(
        (row) =>
          wanted.words.every((word) => row.haystack.includes(word)) &&
          wanted.namespaces.every((name) => row.namespaces.some((own) => own.toLowerCase().includes(name))) &&
          wanted.hosts.every((host) => row.hosts.some((own) => own.toLowerCase().includes(host))) &&
          wanted.severities.every((severity) => row.severity.startsWith(severity)) &&
          wanted.states.every((state) => (progress.get(row.key)?.state ?? 'open').startsWith(state)),
      );
  if (sort === 'risk') return shown;
  return [...shown].sort((a, b) =>
    sort === 'count'
      ? b.places.length - a.places.length || (a.key < b.key ? -1 : 1)
      : a.title < b.title
        ? -1
        : a.title > b.title
          ? 1
          : a.key < b.key
            ? -1
            : 1,
  );
}
