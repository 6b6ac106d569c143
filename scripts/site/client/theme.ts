const key = 'ingress2istio-theme';

/** Applies what was chosen before, else what the system says, and lets the button change it. */
export function showTheme(): void {
  const page = document.documentElement;
  const chosen = remembered();
  if (chosen !== undefined) page.dataset['theme'] = chosen;
  document.addEventListener('DOMContentLoaded', () => {
    const button = document.querySelector<HTMLButtonElement>('.theme-button')!;
    const isDark = () =>
      (page.dataset['theme'] ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) ===
      'dark';
    const name = () => {
      button.textContent = isDark() ? 'Light' : 'Dark';
      button.setAttribute('aria-label', `${button.textContent} colours`);
    };
    name();
    button.addEventListener('click', () => {
      const theme = isDark() ? 'light' : 'dark';
      page.dataset['theme'] = theme;
      name();
      try {
        localStorage.setItem(key, theme);
      } catch {
        // A browser that keeps nothing shows the choice on this page.
      }
    });
  });
}

function remembered(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
