/** Lets a list show only the rows that have what is typed. */
export function filterRows(): void {
  const input = document.querySelector<HTMLInputElement>('[data-filter]');
  if (input === null) return;
  const count = document.querySelector<HTMLOutputElement>('[data-count]')!;
  input.closest('p')!.hidden = false;
  input.addEventListener('input', () => {
    const words = input.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const group of document.querySelectorAll<HTMLElement>('[data-group]')) {
      const rows = [...group.querySelectorAll<HTMLElement>('[data-row]')];
      for (const row of rows) {
        const text = row.textContent!.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      group.hidden = rows.every(({ hidden }) => hidden);
    }
    count.textContent = input.value === '' ? '' : `${shown} found`;
  });
}
