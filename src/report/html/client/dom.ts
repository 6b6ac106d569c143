type Child = Node | string;

/** An element with attributes and children. Text is only ever text: nothing here reads markup. */
export function h(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: Child[]
): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element;
}

/** `1,234` */
export function amount(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

export function counted(value: number, one: string, many: string): string {
  return `${amount(value)} ${value === 1 ? one : many}`;
}

/** Values of the checked boxes of a name. */
export function checked(form: HTMLElement, name: string): ReadonlySet<string> {
  const boxes = form.querySelectorAll<HTMLInputElement>(`input[name="${name}"]:checked`);
  return new Set([...boxes].map((box) => box.value));
}

export function field(form: HTMLElement, name: string): HTMLInputElement | HTMLSelectElement {
  return form.querySelector(`[name="${name}"]`) as HTMLInputElement | HTMLSelectElement;
}

/** Fills a list in portions, each on request by a button below it, so that a long list costs nothing until it is read. */
export function paginate(
  list: HTMLElement,
  items: readonly number[],
  size: number,
  render: (item: number) => HTMLElement,
): void {
  let shown = 0;
  const button = h('button', { type: 'button', class: 'more' });
  const next = (): HTMLElement | undefined => {
    const part = items.slice(shown, shown + size).map(render);
    list.append(...part);
    shown += part.length;
    const rest = items.length - shown;
    if (rest === 0) button.remove();
    else button.textContent = `Show ${amount(Math.min(size, rest))} of ${amount(rest)} more`;
    return part[0];
  };
  button.addEventListener('click', () => {
    const first = next();
    if (first === undefined) return;
    first.tabIndex = -1;
    first.focus();
  });
  list.after(button);
  next();
}
