// The one script of the pages: everything but search, filters and the choice of colours works without it.
import { filterRows } from './filter.ts';
import { openSearch } from './search.ts';
import { showTheme } from './theme.ts';

const root = document.currentScript?.dataset['root'] ?? '';
showTheme();

document.addEventListener('DOMContentLoaded', () => {
  const menu = document.querySelector<HTMLButtonElement>('.menu-button')!;
  const search = document.querySelector<HTMLButtonElement>('.search-button')!;
  for (const button of document.querySelectorAll<HTMLElement>('.bar button')) button.hidden = false;
  menu.addEventListener('click', () => {
    const open = menu.getAttribute('aria-expanded') !== 'true';
    menu.setAttribute('aria-expanded', String(open));
    document.body.classList.toggle('menu-open', open);
  });
  search.addEventListener('click', () => openSearch(root));
  document.addEventListener('keydown', (event) => {
    const typing = event.target instanceof HTMLInputElement;
    const asked = (event.key === '/' && !typing) || (event.key === 'k' && (event.ctrlKey || event.metaKey));
    if (!asked || event.altKey) return;
    event.preventDefault();
    openSearch(root);
  });
  filterRows();
});
