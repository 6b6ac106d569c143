import { type Action, reduce, type State } from './state.ts';

/** Holds the state of a session outside the components, which come and go with the screen. */
export interface Store {
  get(): State;
  dispatch(action: Action): void;
  subscribe(listener: () => void): () => void;
}

/** @param changed called before anybody sees a state with other decisions; what it returns is told */
export function storeOf(start: State, changed: (state: State) => string | undefined): Store {
  let state = start;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      const problem = next.decisions === state.decisions ? undefined : changed(next);
      state = problem === undefined ? next : { ...next, message: problem };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
