import {
  chunkSize,
  type PageDetail,
  type PageIngress,
  type PageList,
  type PageObject,
  type PageOutcome,
} from '../data.ts';
import { afterPane, beforePane, toneOf } from './code.ts';
import { amount, byId, checked, counted, field, h, paginate } from './dom.ts';

const portion = 50;
const words: Readonly<Record<PageIngress[2], string>> = {
  ready: 'ready',
  decision: 'decision',
  blocked: 'blocked',
  'left-alone': 'skipped',
};
/** Objects of one Ingress that are opened at once. */
const openObjects = 3;

type Unpack = <Value>(id: string) => Promise<Value>;

/** The list of Ingresses, its filter, and each one's before and after. */
export function ingressesView(
  list: PageList,
  unpack: Unpack,
): { show(namespace: string): void; open(name: string): void } {
  const form = byId('ingresses-filter');
  const results = byId('ingresses-results');
  const status = byId('ingresses-status');
  const { ingresses, namespaces } = list;
  const names = ingresses.map(([namespace, name]) => `${namespaces[namespace]}/${name}`);
  const text = ingresses.map(([, , , hosts, , reasons], index) =>
    `${names[index]} ${hosts} ${reasons}`.toLowerCase(),
  );
  const order = ['blocked', 'decision', 'ready', 'left-alone'];
  const sorted = ingresses
    .map((_, index) => index)
    .sort((a, b) => {
      const level = order.indexOf(ingresses[a]![2]) - order.indexOf(ingresses[b]![2]);
      return level === 0 ? a - b : level;
    });

  function update(): void {
    const wantedWords = field(form, 'text')
      .value.toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const readiness = checked(form, 'readiness');
    const namespace = field(form, 'namespace').value;
    const wanted = namespaces.indexOf(namespace);
    const found = sorted.filter((index) => {
      const ingress = ingresses[index]!;
      if (!readiness.has(ingress[2]) || (namespace !== '' && ingress[0] !== wanted)) return false;
      return wantedWords.every((word) => text[index]!.includes(word));
    });
    const total = counted(ingresses.length, 'Ingress', 'Ingresses');
    status.textContent = found.length === ingresses.length ? total : `${amount(found.length)} of ${total}`;
    results.replaceChildren();
    if (found.length === 0) results.append(h('p', { class: 'none' }, 'Nothing fits the filter.'));
    else {
      const rows = h('div');
      results.append(rows);
      paginate(rows, found, portion, rowOf);
    }
  }

  function rowOf(index: number): HTMLElement {
    const [, , readiness, hosts] = ingresses[index]!;
    const row = h(
      'details',
      { class: 'ingress' },
      h(
        'summary',
        {},
        h('span', { class: `chip ${readiness}` }, words[readiness]),
        h('strong', { class: 'name' }, names[index]!),
        h('span', { class: 'hosts grow' }, hosts),
      ),
    ) as HTMLDetailsElement;
    let filled = false;
    row.addEventListener('toggle', () => {
      if (!row.open || filled) return;
      filled = true;
      const body = h('div', { class: 'body' }, h('p', { class: 'none' }, 'Unpacking …'));
      row.append(body);
      void fill(index, body);
    });
    return row;
  }

  async function fill(index: number, body: HTMLElement): Promise<void> {
    try {
      const chunk = await unpack<PageDetail[]>(`details-${Math.floor(index / chunkSize)}`);
      const detail = chunk[index % chunkSize]!;
      const objects = await Promise.all(
        detail.objects.map(async (number) => {
          const part = await unpack<PageObject[]>(`objects-${Math.floor(number / chunkSize)}`);
          return part[number % chunkSize]!;
        }),
      );
      body.replaceChildren(...detailOf(index, detail, objects));
    } catch {
      body.replaceChildren(
        h('p', { class: 'none' }, 'This browser cannot unpack the data; a newer one can.'),
      );
    }
  }

  function detailOf(index: number, detail: PageDetail, objects: readonly PageObject[]): HTMLElement[] {
    const [, , , , place, reasons, today, controllers] = ingresses[index]!;
    const reported = h(
      'div',
      { class: 'told', role: 'status' },
      'Choose a mark to see what became of its line.',
    );
    const facts = h('p', { class: 'facts' }, h('code', {}, place));
    if (controllers !== '') facts.append(` Controller: ${controllers}.`);
    if (reasons !== '') facts.append(` Not ready because of ${reasons}.`);
    facts.append(' ', h('a', { href: `#findings=${encodeURIComponent(names[index]!)}` }, 'Its findings'));
    const note = today === '' ? [] : [h('p', {}, `The controller does not serve it today: ${today}`)];
    const before = h(
      'div',
      { class: 'pane' },
      h('h4', {}, 'Before'),
      beforePane(detail, (outcome) => pick(outcome, objects, reported)),
    );
    const after = h('div', { class: 'pane' }, h('h4', {}, 'After'));
    if (objects.length === 0) after.append(h('p', { class: 'none' }, 'No object comes of it.'));
    for (const [number, object] of objects.entries())
      after.append(objectOf(object, detail.words, number < openObjects));
    return [facts, ...note, reported, h('div', { class: 'panes' }, before, after), outcomesOf(detail)];
  }

  function objectOf(object: PageObject, marks: readonly string[], open: boolean): HTMLElement {
    const item = h('details', { class: 'object' }, h('summary', {}, object[0])) as HTMLDetailsElement;
    let filled = false;
    const fillObject = (): void => {
      if (!filled) item.append(afterPane(object, marks));
      filled = true;
    };
    item.addEventListener('toggle', () => item.open && fillObject());
    if (open) {
      item.open = true;
      fillObject();
    }
    return item;
  }

  for (const name of namespaces) field(form, 'namespace').append(h('option', { value: name }, name));
  form.addEventListener('input', update);
  update();
  return {
    show(namespace) {
      field(form, 'namespace').value = namespace;
      field(form, 'text').value = '';
      update();
    },
    open(name) {
      field(form, 'text').value = name;
      field(form, 'namespace').value = '';
      for (const box of form.querySelectorAll<HTMLInputElement>('[name=readiness]')) box.checked = true;
      update();
      const rows = [...results.querySelectorAll<HTMLDetailsElement>('details.ingress')];
      const row = rows.find((entry) => entry.querySelector('.name')?.textContent === name);
      if (row === undefined) return;
      row.open = true;
      row.querySelector('summary')?.focus();
      row.scrollIntoView();
    },
  };
}

/** What became of a line, and the very parts of the objects. */
function pick(
  [kind, name, value, status, claim, why, , parts]: PageOutcome,
  objects: readonly PageObject[],
  reported: HTMLElement,
): void {
  reported.replaceChildren(
    h(
      'p',
      {},
      h('span', { class: `chip ${toneOf(status)}` }, claim === '' ? status : `${status}, ${claim}`),
      ' ',
      h('strong', {}, `${kind} ${name}`),
      value === '' ? '' : ` ${value}`,
      why === '' ? '' : ` — ${why}`,
    ),
    h(
      'div',
      { class: 'parts' },
      ...parts.map(([place, object, from, to]) => partOf(place, objects[object]![1], from, to)),
    ),
  );
}

function partOf(place: string, text: string, from: number, to: number): HTMLElement {
  const lines = text.split('\n').slice(from, to);
  const indent = /^ */.exec(lines[0] ?? '')![0].length;
  const shown = lines.map((line) => line.slice(indent)).join('\n');
  return h('div', { class: 'part' }, h('h4', {}, place), h('pre', { tabindex: '0' }, shown));
}

function outcomesOf({ outcomes }: PageDetail): HTMLElement {
  if (outcomes.length === 0) return h('p', { class: 'none' }, 'It has nothing to convert.');
  const rows = outcomes.map(([kind, name, value, status, claim, why]) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, h('span', { class: 'kind' }, kind), ' ', h('code', {}, name)),
      h('td', {}, value === '' ? '' : h('code', {}, value)),
      h(
        'td',
        {},
        h('span', { class: `chip ${toneOf(status)}` }, claim === '' ? status : `${status}, ${claim}`),
      ),
      h('td', {}, why),
    ),
  );
  const heads = ['What', 'Value', 'Outcome', 'Why, or where it went'].map((text) =>
    h('th', { scope: 'col' }, text),
  );
  return h(
    'div',
    { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'What became of each part' },
    h('table', {}, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows)),
  );
}
