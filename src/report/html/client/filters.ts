/** Keeps what is typed and ticked in the filters, so that it survives a reload of the page. */
export function keepFilters(forms: readonly HTMLElement[]): void {
  for (const form of forms) {
    const key = `${location.pathname} ${form.id}`;
    restore(form, read(key));
    const save = (): void => write(key, [...fieldsOf(form)].map(stateOf));
    form.addEventListener('input', save);
  }
}

function fieldsOf(form: HTMLElement): NodeListOf<HTMLInputElement | HTMLSelectElement> {
  return form.querySelectorAll('input, select');
}

function isBox(field: HTMLInputElement | HTMLSelectElement): field is HTMLInputElement {
  return field instanceof HTMLInputElement && field.type === 'checkbox';
}

function stateOf(field: HTMLInputElement | HTMLSelectElement): string | boolean {
  return isBox(field) ? field.checked : field.value;
}

function restore(form: HTMLElement, values: readonly unknown[]): void {
  const fields = [...fieldsOf(form)];
  if (values.length !== fields.length) return;
  for (const [index, field] of fields.entries()) {
    const value = values[index];
    if (isBox(field)) field.checked = value === true;
    else if (typeof value === 'string') field.value = value;
  }
  form.dispatchEvent(new Event('input'));
}

/** A browser may refuse to store anything; the filters then start anew. */
function read(key: string): readonly unknown[] {
  try {
    const values: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]');
    return Array.isArray(values) ? values : [];
  } catch {
    return [];
  }
}

function write(key: string, values: readonly unknown[]): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(values));
  } catch {
    // Nothing is lost but the filter.
  }
}
