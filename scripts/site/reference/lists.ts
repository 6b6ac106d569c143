import { fidelityMeanings } from '../../../src/catalogue/fidelity.ts';
import type { ControllerOption } from '../../../src/decode/controller-option.ts';
import type { Mapping } from '../../../src/decode/mapping.ts';
import type { FindingType } from '../../../src/domain/findings.ts';
import { annotationPage, findingPage, optionPage } from '../../../src/site.ts';
import { type Html, html, prose } from '../html.ts';
import { linkTo } from '../pages.ts';
import type { ReferencePage } from './page.ts';
import { badge } from './parts.ts';

interface Row {
  readonly group: string;
  readonly name: string;
  readonly page: string;
  readonly word: string;
  readonly text: string;
  /** Older names. */
  readonly others?: readonly string[];
}

export function annotationList(
  mappings: readonly Mapping[],
  rooms: ReadonlyMap<string, string>,
): ReferencePage {
  const rows = mappings.map(
    ({ name, aliases, group, fidelity, nginx }): Row => ({
      group: rooms.get(group) ?? '',
      name,
      page: annotationPage(name),
      word: fidelity,
      text: nginx,
      others: aliases,
    }),
  );
  const counts = Object.entries(fidelityMeanings).map(
    ([word, meaning]) =>
      html`<div><dt>${badge(word)} ${rows.filter((row) => row.word === word).length}</dt><dd>${meaning}</dd></div>`,
  );
  return list('annotations', 'Annotations', 1, rows, [
    html`<p>Every annotation of ingress-nginx 0.41 to 1.15.1, without the prefix <code>nginx.ingress.kubernetes.io/</code>. The mark says what is claimed in general; a value or a combination may do worse, and the report says so then.</p>`,
    html`<dl class="facts">${counts}</dl>`,
  ]);
}

export function optionList(options: readonly ControllerOption[]): ReferencePage {
  const rows = options.map(
    ({ name, category, fidelity, effect }): Row => ({
      group: category,
      name,
      page: optionPage(name),
      word: fidelity,
      text: effect,
    }),
  );
  return list('configmap', 'ConfigMap keys', 2, rows, [
    html`<p>Every key of the controller's ConfigMap.</p>`,
  ]);
}

export function findingList(types: readonly FindingType<never>[]): ReferencePage {
  const rows = types.map(
    ({ code, severity, summary }): Row => ({
      group: code.replace(/\/.*$/, ''),
      name: code,
      page: findingPage(code),
      word: severity,
      text: summary,
    }),
  );
  return list('findings', 'Findings', 3, rows, [
    html`<p>Everything that a report can say. A code is never used for something else later.</p>`,
  ]);
}

function list(
  name: string,
  title: string,
  order: number,
  rows: readonly Row[],
  introduction: readonly Html[],
): ReferencePage {
  const path = `reference/${name}/index.html`;
  const groups = [...new Set(rows.map(({ group }) => group))].sort();
  return {
    path,
    title,
    order,
    render: () =>
      html`<h1>${title}</h1>
${introduction}
<p class="filter" hidden><label>Show only <input type="search" autocomplete="off" spellcheck="false" data-filter></label> <output data-count></output></p>
${groups.map(
  (group) =>
    html`<section data-group><h2 id="${group}">${group}</h2><ul class="rows">${rows
      .filter((row) => row.group === group)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        ({ name: own, page, word, text, others = [] }) =>
          html`<li data-row><a href="${linkTo(path, page)}"><code>${own}</code></a> ${badge(word)}<span>${prose(text)}</span>${others.length === 0 ? '' : html`<span>Also <code>${others.join(', ')}</code>.</span>`}</li>`,
      )}</ul></section>`,
)}
`.text,
  };
}
