import type { PageList } from '../data.ts';
import { amount, byId, checked, counted, field, h, paginate } from './dom.ts';

/** Groups of fewer findings than this are opened when a search finds them. */
const openBelow = 40;
const portion = 50;

/** The list of findings by code, and its filter. */
export function findingsView(list: PageList): { show(namespace: string): void } {
  const form = byId('findings-filter');
  const results = byId('findings-results');
  const status = byId('findings-status');
  const { findings, codes, namespaces, ingresses } = list;
  const total = findings.code.length;
  const text = findings.message.map((message, index) =>
    `${codes[findings.code[index]!]!.code} ${findings.place[index]} ${nameOf(index)} ${message}`.toLowerCase(),
  );

  /** What fills the groups that are shown. */
  const fills: (() => void)[] = [];

  function nameOf(index: number): string {
    const ingress = ingresses[findings.ingress[index]!];
    return ingress === undefined ? '' : `${namespaces[ingress[0]]}/${ingress[1]}`;
  }

  function matching(): number[][] {
    const words = field(form, 'text')
      .value.toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    const severities = checked(form, 'severity');
    const namespace = field(form, 'namespace').value;
    const wanted = namespaces.indexOf(namespace);
    const open = codes.map(({ severity }) => severities.has(severity));
    const found: number[][] = codes.map(() => []);
    for (let index = 0; index < total; index++) {
      const code = findings.code[index]!;
      if (!open[code]) continue;
      if (namespace !== '' && ingresses[findings.ingress[index]!]?.[0] !== wanted) continue;
      const hay = text[index]!;
      if (words.every((word) => hay.includes(word))) found[code]!.push(index);
    }
    return found;
  }

  function update(): void {
    const found = matching();
    const sum = found.reduce((all, { length }) => all + length, 0);
    const searching = field(form, 'text').value.trim() !== '';
    status.textContent =
      sum === total
        ? counted(total, 'finding', 'findings')
        : `${amount(sum)} of ${counted(total, 'finding', 'findings')}`;
    fills.length = 0;
    results.replaceChildren(
      ...found.flatMap((indices, code) =>
        indices.length === 0 ? [] : [groupOf(code, indices, searching && indices.length < openBelow)],
      ),
    );
    if (sum === 0) results.append(h('p', { class: 'none' }, 'Nothing fits the filter.'));
  }

  function groupOf(number: number, indices: readonly number[], open: boolean): HTMLElement {
    const { code, severity, summary, url } = codes[number]!;
    const group = h(
      'details',
      { class: `group ${severity}` },
      h(
        'summary',
        {},
        h('span', { class: `chip ${severity}` }, severity),
        h('span', { class: 'grow' }, h('strong', {}, summary), ' ', h('code', {}, code)),
        h('span', { class: 'count' }, amount(indices.length)),
      ),
    ) as HTMLDetailsElement;
    let filled = false;
    const fill = (): void => {
      if (filled) return;
      filled = true;
      group.append(h('p', { class: 'link' }, h('a', { href: url, rel: 'noreferrer' }, url)));
      const remedies = new Set(indices.map((index) => findings.remedy[index]!));
      const [only = -1] = remedies;
      if (remedies.size === 1) group.append(...remedyOf(only));
      const rows = h('ul', { class: 'rows' });
      group.append(rows);
      paginate(rows, indices, portion, (index) => rowOf(index, remedies.size > 1));
    };
    group.addEventListener('toggle', () => group.open && fill());
    fills.push(fill);
    if (open) {
      group.open = true;
      fill();
    }
    return group;
  }

  function rowOf(index: number, withRemedy: boolean): HTMLElement {
    const place = findings.place[index]!;
    const name = nameOf(index);
    const where = h('div', { class: 'where' });
    if (name !== '') where.append(h('a', { href: `#ingress=${encodeURIComponent(name)}` }, name), ' ');
    if (place !== '') where.append(h('code', {}, place));
    return h(
      'li',
      {},
      where,
      h('p', {}, findings.message[index]!),
      ...(withRemedy ? remedyOf(findings.remedy[index]!) : []),
    );
  }

  function remedyOf(index: number): HTMLElement[] {
    const remedy = list.remedies[index] ?? '';
    return remedy === '' ? [] : [h('p', { class: 'remedy' }, remedy)];
  }

  for (const name of namespaces) field(form, 'namespace').append(h('option', { value: name }, name));
  form.addEventListener('input', update);
  addEventListener('beforeprint', () => {
    // Printing does not wait for the event that opening gives.
    for (const fill of fills) fill();
    for (const group of results.querySelectorAll('details')) group.open = true;
  });
  update();
  return {
    show(namespace) {
      field(form, 'namespace').value = namespace;
      update();
    },
  };
}
