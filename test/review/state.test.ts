import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDecisions } from '../../src/decisions/read.ts';
import { writeDecisions } from '../../src/decisions/write.ts';
import { actOf, offersFor } from '../../src/review/act.ts';
import { keyTable } from '../../src/review/keys.ts';
import { groups } from '../../src/review/rows.ts';
import { currentRow, reduce, type State, startOf } from '../../src/review/state.ts';
import { opened } from './sample.ts';

const { start, tools, rows } = opened();
const extent = { page: 5, most: 20 };

function press(state: State, name: string, text = ''): State {
  const act = actOf({ name, text }, state, tools, extent);
  return act === undefined || 'leave' in act ? state : reduce(state, act);
}

/** Keys by name; a word after `=` is typed. */
function keys(state: State, ...names: string[]): State {
  return names.reduce(
    (now, name) =>
      name.startsWith('=')
        ? [...name.slice(1)].reduce((typed, letter) => press(typed, letter, letter), now)
        : press(now, name),
    state,
  );
}

/** With the cursor on the row of this title. */
function on(title: string, state = start): State {
  const cursor = state.visible.findIndex((row) => row.title.startsWith(title));
  expect(cursor).toBeGreaterThanOrEqual(0);
  return { ...state, cursor };
}

function choices(state: State): object[] {
  return state.decisions.map(({ choice }) => choice);
}

describe('the list', () => {
  it('puts what is closed first, and one row for one question', () => {
    expect(rows[0]).toMatchObject({ risk: 'closed', places: [{ ingress: 'demo/shut' }] });
    expect(rows.find(({ title }) => title === 'rate-limit/not-carried')?.ingresses).toEqual([
      'demo/one',
      'demo/two',
    ]);
  });

  it.each([
    [['j'], 1],
    [['down', 'down', 'up'], 1],
    [['k'], 0],
    [['G'], rows.length - 1],
    [['G', 'g'], 0],
    [['pagedown'], Math.min(5, rows.length - 1)],
  ] as const)('goes where %j says', (names, cursor) => {
    expect(keys(start, ...names).cursor).toBe(cursor);
  });

  it.each([
    ['=ns:demo', (title: string) => !/^(?:platform|controller)\//.test(title)],
    ['=host:shut', (title: string) => ['tls/https-lost', 'auth-external/closed'].includes(title)],
    ['=rate', (title: string) => title === 'rate-limit/not-carried'],
    ['=nothing-like-it', () => false],
  ])('is filtered by /%s', (typed, shown) => {
    const state = keys(start, '/', typed, 'enter');
    expect(state.mode).toBe('list');
    expect(state.visible.map(({ title }) => title)).toEqual(
      rows.map(({ title }) => title).filter((title) => shown(title)),
    );
    expect(keys(state, '/', 'esc').visible).toEqual(rows);
  });

  it('is filtered by severity and by state, and sorted', () => {
    expect(keys(start, 'f').visible.every(({ severity }) => severity === 'error')).toBe(true);
    expect(keys(start, 't', 'w', 'w').visible).toEqual([rows[0]]);
    const counts = keys(start, 's').visible.map(({ places }) => places.length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
  });
});

describe('a choice', () => {
  it('is one key, goes on to the next open row, and is undone and done again', () => {
    const accepted = keys(on('tls/https-lost'), 'a');
    expect(choices(accepted)).toEqual([{ kind: 'accept' }]);
    expect(accepted.progress.get(rows.find(({ title }) => title === 'tls/https-lost')!.key)?.state).toBe(
      'decided',
    );
    expect(currentRow(accepted)?.title).not.toBe('tls/https-lost');
    expect(keys(accepted, 'u').decisions).toEqual([]);
    expect(keys(accepted, 'u', 'ctrl+r').decisions).toEqual(accepted.decisions);
  });

  it('opts in where that helps, for the group or for as far as one says', () => {
    const row = on('rate-limit/not-carried');
    expect(keys(row, 'o').decisions).toMatchObject([
      { choice: { kind: 'opt-in', use: { envoyFilters: 'allow' } }, scope: { kind: 'group' } },
    ]);
    expect(keys(row, 'p', 'o').decisions).toMatchObject([
      { scope: { kind: 'ingress', ingress: 'demo/one' } },
    ]);
    expect(keys(row, 'p', 'o').progress.get(currentRow(row)!.key)?.state).toBe('partly');
    expect(keys(row, 'p', 'p', 'p', 'o').decisions).toMatchObject([{ scope: { kind: 'everywhere' } }]);
    expect(keys(on('tls/https-lost'), 'o').message).toContain('does not help');
  });

  it('asks for a value and takes none that nginx would refuse', () => {
    const asked = keys(on('proxy-read-timeout'), 'v', 'ctrl+u', '=soon', 'enter');
    expect(asked).toMatchObject({ mode: 'ask', decisions: [] });
    expect(asked.message).toContain('is not valid');
    expect(choices(keys(asked, 'ctrl+u', '=60', 'enter'))).toEqual([{ kind: 'value', value: '60' }]);
    expect(keys(asked, 'esc')).toMatchObject({ mode: 'list', decisions: [] });
  });

  it('that may open something asks why and does not go without', () => {
    const asked = keys(on('auth-external/closed'), 'x');
    expect(asked).toMatchObject({ mode: 'ask', decisions: [] });
    expect(keys(asked, 'enter')).toMatchObject({ mode: 'ask', decisions: [] });
    expect(keys(asked, '=public now', 'enter').decisions).toMatchObject([
      { choice: { kind: 'leave-out' }, why: 'public now', by: 'anna' },
    ]);
  });

  it('by hand has a note and perhaps an owner', () => {
    const manual = keys(on('rate-limit/not-carried'), 'm', '=WAF', 'enter');
    expect(choices(keys(manual, 'enter'))).toEqual([{ kind: 'manual', note: 'WAF' }]);
    expect(choices(keys(manual, '=ben', 'enter'))).toEqual([{ kind: 'manual', note: 'WAF', owner: 'ben' }]);
  });

  it('takes the place of the one before and can be taken back', () => {
    const twice = keys(
      on('rate-limit/not-carried', keys(on('rate-limit/not-carried'), 'p', 'a')),
      'p',
      'p',
      'p',
      'o',
    );
    expect(choices(twice)).toEqual([{ kind: 'opt-in', use: { envoyFilters: 'allow' } }]);
    expect(keys(on('rate-limit/not-carried', twice), 'c').decisions).toEqual([]);
  });
});

describe('the recommended answer', () => {
  const recommended = (title: string) => keys(on(title), 'R');

  it.each([
    ['rate-limit/not-carried', { kind: 'opt-in', use: { envoyFilters: 'allow' } }],
    ['tls/https-lost', { kind: 'accept' }],
    ['proxy-read-timeout', { kind: 'leave-out' }],
  ])('for %s is taken by one key', (title, choice) => {
    expect(choices(recommended(title))).toEqual([choice]);
  });

  it('for a setting of the mesh is a task of the platform team', () => {
    expect(choices(recommended('platform/path-normalization'))).toMatchObject([
      { kind: 'manual', owner: 'platform team', note: expect.stringContaining('DECODE_AND_MERGE_SLASHES') },
    ]);
  });

  it('is nothing where people have to weigh it, and no way to redo', () => {
    const state = recommended('configuration-snippet');
    expect(choices(state)).toEqual([]);
    expect(state.message).toContain('Nothing is recommended here');
    expect(keyTable.filter(({ keys: names }) => names.includes('R')).map(({ command }) => command)).toEqual([
      'recommended',
    ]);
  });
});

describe('the list of questions', () => {
  it('stands in groups, what is blocked first', () => {
    const order = rows.map(({ group }) => group);
    expect([...new Set(order)]).toEqual(['Blocked', 'Access', 'Gateway', 'Behavior', 'Input']);
    expect(order).toEqual([...order].sort((a, b) => groups.indexOf(a) - groups.indexOf(b)));
  });
});

describe('a session', () => {
  const names = [...keyTable.flatMap((row) => row.keys), '=60', '=why', 'enter', 'esc', 'backspace'];
  const presses = fc.array(fc.constantFrom(...names), { maxLength: 30 });

  it('comes back to its start, whatever was done, when all is undone', () => {
    fc.assert(
      fc.property(presses, (all) => {
        let state = keys(start, ...all, 'esc');
        while (state.past.length > 0) state = reduce(state, { type: 'undo' });
        expect(state.decisions).toEqual(start.decisions);
        expect(state.progress).toEqual(start.progress);
      }),
      { numRuns: 60 },
    );
  });

  it('has a file at every moment that reads back, and goes on from it', () => {
    fc.assert(
      fc.property(presses, (all) => {
        const { decisions, progress } = keys(start, ...all);
        const read = readDecisions(writeDecisions(decisions), 'd.yaml');
        expect(read).toEqual(decisions);
        expect(startOf(rows, read, 'ben').progress).toEqual(progress);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on at the first open row after the last that was decided', () => {
    const { decisions } = keys(start, 'j', 'a');
    expect(startOf(rows, decisions, 'anna').cursor).toBe(2);
  });

  it('offers each choice by a key of its own', () => {
    const taken = keyTable.flatMap((row) => row.keys);
    expect(new Set(taken).size).toBe(taken.length);
    const kinds = rows.flatMap((_, cursor) => offersFor({ ...start, cursor }, tools).map(({ kind }) => kind));
    for (const kind of kinds) expect(keyTable.map(({ command }) => command)).toContain(`choose ${kind}`);
  });
});
