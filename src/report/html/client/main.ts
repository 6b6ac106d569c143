import type { PageList } from '../data.ts';
import { byId, field } from './dom.ts';
import { keepFilters } from './filters.ts';
import { findingsView } from './findings.ts';
import { ingressesView } from './ingresses.ts';
import { unpacker } from './unpack.ts';

function themeButton(): void {
  const button = byId('theme');
  const root = document.documentElement;
  const dark = (): boolean =>
    root.dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['theme'] === 'dark';
  const name = (): void => {
    button.textContent = dark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', dark() ? 'Use light colours' : 'Use dark colours');
  };
  button.addEventListener('click', () => {
    root.dataset['theme'] = dark() ? 'light' : 'dark';
    name();
  });
  name();
}

function copyButtons(): void {
  for (const block of document.querySelectorAll<HTMLElement>('#todo pre')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(block.textContent ?? '');
        button.textContent = 'Copied';
      } catch {
        getSelection()?.selectAllChildren(block);
        button.textContent = 'Selected';
      }
    });
    block.before(button);
  }
}

async function start(): Promise<void> {
  themeButton();
  copyButtons();
  const unpack = unpacker();
  const list = await unpack<PageList>('list');
  const findings = findingsView(list);
  const ingresses = ingressesView(list, unpack);
  keepFilters([byId('findings-filter'), byId('ingresses-filter')]);
  const follow = (): void => {
    const [, what, value = ''] = /^#(namespace|ingress|findings)=(.*)$/.exec(location.hash) ?? [];
    const name = decoded(value);
    if (what === 'namespace') {
      ingresses.show(name);
      findings.show(name);
      byId('ingresses').scrollIntoView();
    } else if (what === 'ingress') ingresses.open(name);
    else if (what === 'findings') {
      const form = byId('findings-filter');
      field(form, 'text').value = name;
      for (const box of form.querySelectorAll<HTMLInputElement>('[name=severity]')) box.checked = true;
      findings.show('');
      byId('findings').scrollIntoView();
    }
  };
  addEventListener('hashchange', follow);
  follow();
  document.documentElement.dataset['state'] = 'complete';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

start().catch(() => {
  const text = 'This browser cannot unpack the lists; a newer one can. The figures above are complete.';
  for (const id of ['findings-status', 'ingresses-status']) byId(id).textContent = text;
});
