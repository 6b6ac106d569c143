import { indexDecisions } from '../decisions/match.ts';
import type { Decision } from '../domain/decision.ts';
import type { Row } from './rows.ts';

/** How far a row is: `partly` where some of its places are decided. */
export type RowState = 'open' | 'partly' | 'later' | 'decided';

export interface Progress {
  readonly state: RowState;
  /** The decision of its first decided place. */
  readonly decision: Decision | undefined;
}

/** What the decisions say of each row, by its key. */
export function progressOf(
  rows: readonly Row[],
  decisions: readonly Decision[],
): ReadonlyMap<string, Progress> {
  const index = indexDecisions(decisions);
  return new Map(
    rows.map((row) => {
      let [decided, later] = [0, 0];
      let first: Decision | undefined;
      for (const place of row.places) {
        const decision = row.arisen ? index.answer(place) : (index.at(place) ?? gone(index.acting(place)));
        if (decision === undefined) continue;
        first ??= decision;
        if (decision.choice.kind === 'later') later++;
        else decided++;
      }
      const state: RowState =
        decided === row.places.length && decided > 0
          ? 'decided'
          : decided > 0
            ? 'partly'
            : later > 0
              ? 'later'
              : 'open';
      return [row.key, { state, decision: first }];
    }),
  );
}

/** An annotation that is left out or has another value asks nothing more, whatever was asked first. */
function gone(decision: Decision | undefined): Decision | undefined {
  return decision?.choice.kind === 'leave-out' || decision?.choice.kind === 'value' ? decision : undefined;
}
