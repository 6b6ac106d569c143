import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { html, Html as Markup, prose } from './html.ts';
import { nameOf, navigationOf, type PageData } from './layout.ts';
import { fileOf, type Kind, kinds, linkTo, root } from './pages.ts';

const purposes: Readonly<Record<Kind, string>> = {
  tutorial: 'From a dump to a verified cut-over, in ten minutes.',
  'how-to': 'One task a page.',
  reference: 'Every annotation, ConfigMap key, finding, and flag.',
  explanation: 'How it works, what it decides, and what stays different.',
};

/** The first page: what the README says first, and the way into each part. */
export function homePage({ collections }: PageData): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, promise = ''] = /^# .*\n\n(.*)$/m.exec(readme) ?? [];
  const points = [...readme.matchAll(/^- \*\*(.*?)\*\*(.*(?:\n {2}.*)*)/gm)].map(
    ([, head = '', rest = '']) => ({
      head,
      rest: rest.replace(/\s+/g, ' '),
    }),
  );
  return html`<h1>ingress2istio</h1>
<p class="promise">${promise}</p>
<div class="ways">${(Object.keys(kinds) as Kind[]).map((kind) => {
    const items = navigationOf(collections.all, kind);
    return html`<section><h2 id="${kind}">${kinds[kind]}</h2><p>${purposes[kind]}</p><ul>${items.map(
      (item) => html`<li><a href="${linkTo('index.html', fileOf(item.url))}">${nameOf(item)}</a></li>`,
    )}</ul></section>`;
  })}</div>
<h2 id="promises">What it promises</h2>
<ul>${points.map(({ head, rest }) => html`<li><strong>${prose(head)}</strong>${new Markup(prose(rest).text)}</li>`)}</ul>
`.text;
}
