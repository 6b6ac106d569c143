import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink-testing-library';
import stringWidth from 'string-width';
import { afterEach, describe, expect, it } from 'vitest';
import { App } from '../../src/review/App.tsx';
import type { Store } from '../../src/review/store.ts';
import { storeOf } from '../../src/review/store.ts';
import { themeFor } from '../../src/review/theme.ts';
import { opened } from './sample.ts';

const { start, tools } = opened();
const apps: { unmount(): void }[] = [];
afterEach(() => {
  for (const app of apps.splice(0)) app.unmount();
});

function screen(columns: number, rows: number, env: Record<string, string> = {}) {
  const store: Store = storeOf(start, () => undefined);
  const app = render(<App store={store} tools={tools} theme={themeFor(env)} size={{ columns, rows }} />);
  apps.push(app);
  Object.defineProperty(app.stdout, 'columns', { value: columns });
  app.stdout.emit('resize');
  const lines = () => (app.lastFrame() ?? '').split('\n');
  return {
    store,
    lines,
    text: () => stripVTControlCharacters(lines().join('\n')),
    raw: () => app.lastFrame() ?? '',
    async type(...inputs: string[]) {
      for (const input of inputs) {
        app.stdin.write(input);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

describe.each([
  [60, 15],
  [100, 30],
  [200, 50],
])('at %i by %i', (columns, rows) => {
  it('the screen is full and no line is too long, wherever one is', async () => {
    const { lines, type } = screen(columns, rows);
    for (const key of ['', 'j', 'G', '?', '?', '/', 'x', '\r', '/', '\u001b', 'g', 'm']) {
      if (key !== '') await type(key);
      expect(lines().length).toBe(rows - 1);
      for (const line of lines()) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('says where one is, what is asked and which choices there are', async () => {
    const { text } = screen(columns, rows);
    await expect.poll(text).toContain('a accept: keep the 503');
    expect(text()).toContain(`[1/${start.rows.length}]`);
    expect(text()).toContain(' 503 ');
    expect(text()).toContain('auth-external/closed');
    expect(text()).toContain('o opt-in');
  });

  it('shows nothing of the input that a terminal would obey', async () => {
    const { store, raw, text, type } = screen(columns, rows);
    const cursor = start.rows.findIndex(({ title }) => title === 'configuration-snippet');
    store.dispatch({ type: 'move', by: cursor });
    await expect.poll(text).toContain('accept');
    await type('v');
    expect(store.get().line.text).toContain('\u001b[31m');
    expect(raw()).not.toContain('\u001b[31m\u001b');
    expect(raw()).toContain('\\x1b');
    expect(text()).toContain('预览环境');
  });
});

describe('the screen', () => {
  it('shows the objects that change with the choice', async () => {
    const { text, type, store } = screen(200, 50);
    const cursor = start.rows.findIndex(({ title }) => title === 'rate-limit/not-carried');
    store.dispatch({ type: 'move', by: cursor });
    await expect.poll(text).toContain('changes no object');
    await type('l');
    await expect.poll(text).toContain('Objects with opt-in');
    await expect.poll(text).toContain('+ kind: EnvoyFilter');
  });

  it('has no colour where none is wanted', () => {
    const plain = Object.values(themeFor({ NO_COLOR: '1' }));
    expect(plain.some(({ color }) => color !== undefined)).toBe(false);
    expect(Object.values(themeFor({})).some(({ color }) => color !== undefined)).toBe(true);
  });

  it('takes keys that come in one piece', async () => {
    const { store, type } = screen(100, 30);
    await type('/rate\r');
    expect(store.get()).toMatchObject({ mode: 'list', filter: { text: 'rate' } });
    await type('mWAF\rben\r');
    expect(store.get().decisions).toMatchObject([{ choice: { kind: 'manual', note: 'WAF', owner: 'ben' } }]);
  });

  it('tells when a decision could not be saved', async () => {
    const store = storeOf(start, () => 'NOT SAVED: no room');
    const app = render(
      <App store={store} tools={tools} theme={themeFor({})} size={{ columns: 100, rows: 30 }} />,
    );
    apps.push(app);
    app.stdin.write('t');
    await expect.poll(() => app.lastFrame()).toContain('NOT SAVED');
  });
});
