import MiniSearch from 'minisearch';
import type { SearchEntry } from '../search-entry.ts';

declare global {
  interface Window {
    /** Set by assets/search-entries.js. */
    searchEntries?: readonly SearchEntry[];
  }
}

const shown = 20;

interface Parts {
  readonly dialog: HTMLDialogElement;
  readonly input: HTMLInputElement;
  readonly results: HTMLUListElement;
  readonly status: HTMLElement;
}

let parts: Parts | undefined;

/** Opens the search; what can be found is loaded with the first opening. @param root the way to the first page */
export function openSearch(root: string): void {
  parts ??= makeDialog(root);
  parts.dialog.showModal();
  parts.input.select();
}

function makeDialog(root: string): Parts {
  const dialog = document.createElement('dialog');
  dialog.className = 'search';
  dialog.setAttribute('aria-label', 'Search');
  dialog.innerHTML =
    '<form method="dialog"><input type="text" inputmode="search" aria-label="Search the documentation" placeholder="rewrite-target, auth-basic/closed, roll back …" autocomplete="off" spellcheck="false"><button>Close</button></form><p role="status"></p><ul></ul>';
  document.body.append(dialog);
  const made: Parts = {
    dialog,
    input: dialog.querySelector('input')!,
    results: dialog.querySelector('ul')!,
    status: dialog.querySelector('p')!,
  };
  dialog.addEventListener('keydown', moveByArrows);
  made.input.addEventListener('keydown', (event) => {
    const first = made.results.querySelector('a');
    if (event.key !== 'Enter') return;
    event.preventDefault();
    first?.click();
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  loadEntries(root, (entries) => {
    const index = indexOf(entries);
    const find = () => show(made, root, entries, index);
    made.input.addEventListener('input', find);
    find();
  });
  return made;
}

function loadEntries(root: string, then: (entries: readonly SearchEntry[]) => void): void {
  const script = document.createElement('script');
  script.src = `${root}assets/search-entries.js`;
  script.addEventListener('load', () => then(window.searchEntries ?? []));
  document.head.append(script);
}

function indexOf(entries: readonly SearchEntry[]): MiniSearch {
  const index = new MiniSearch({
    fields: ['title', 'of', 'text'],
    // Names are found by their parts, and as a whole.
    tokenize: (text) =>
      text
        .toLowerCase()
        .split(/[^\p{L}\p{N}-]+|-/u)
        .filter((word) => word !== ''),
    searchOptions: { boost: { title: 4, of: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
  });
  index.addAll(entries.map((entry, id) => ({ id, ...entry })));
  return index;
}

function show(
  { input, results, status }: Parts,
  root: string,
  entries: readonly SearchEntry[],
  index: MiniSearch,
): void {
  const query = input.value.trim();
  const isExact = (id: number) => (entries[id]!.title.toLowerCase() === query.toLowerCase() ? 0 : 1);
  const found = query === '' ? [] : index.search(query);
  found.sort((a, b) => isExact(a.id) - isExact(b.id) || b.score - a.score);
  results.replaceChildren(
    ...found.slice(0, shown).map(({ id }) => {
      const { page, title, of, text } = entries[id]!;
      const link = document.createElement('a');
      link.href = `${root}${page}`;
      link.append(part('strong', title), part('span', of), part('small', shortened(text)));
      link.addEventListener('click', () => parts?.dialog.close());
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
  status.textContent =
    query === ''
      ? ''
      : found.length > shown
        ? `The best ${shown} of ${found.length}`
        : `${found.length} found`;
}

function shortened(text: string): string {
  return text.length <= 140 ? text : `${text.slice(0, 140).replace(/\s\S*$/, '')} …`;
}

function part(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function moveByArrows(event: KeyboardEvent): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || parts === undefined) return;
  const stops: HTMLElement[] = [parts.input, ...parts.results.querySelectorAll('a')];
  const next = stops[stops.indexOf(document.activeElement as HTMLElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
