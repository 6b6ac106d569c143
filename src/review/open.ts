import type { Conversion } from '../conversion/conversion.ts';
import type { Traffic } from '../conversion/traffic.ts';
import type { Mappings } from '../decode/mapping.ts';
import { builtInMappings } from '../decode/mappings.ts';
import { acts, type Decision } from '../domain/decision.ts';
import type { GivenOptions } from '../domain/options.ts';
import { convert } from '../pipeline.ts';
import { previewer } from './preview.ts';
import { progressOf } from './progress.ts';
import { allRows } from './rows.ts';
import { runScreen, type Screen } from './session.tsx';
import { startOf } from './state.ts';
import { storeOf } from './store.ts';
import { sessionSummary } from './summary.ts';
import { themeFor } from './theme.ts';

export interface ReviewInput {
  /** Without any decision. */
  readonly conversion: Conversion;
  readonly options: GivenOptions;
  readonly mappings: Mappings | undefined;
  readonly decisions: readonly Decision[];
  readonly by: string;
  /** Requests of a log by question; undefined where no log was read. */
  readonly traffic?: Traffic | undefined;
  /** Called before a decision is shown; what it returns is told. */
  save(decisions: readonly Decision[]): string | undefined;
}

/** The only way into this directory: React and Ink are loaded with it. */
export function openReview(input: ReviewInput) {
  const { conversion, options, mappings = builtInMappings(), decisions, by, traffic, save } = input;
  const { cluster } = conversion;
  const rowsAfter = (all: readonly Decision[]) =>
    allRows(
      conversion,
      all.some(acts) ? convert(cluster, { ...options, decisions: all }, mappings) : undefined,
      traffic,
    );
  const store = storeOf(startOf(rowsAfter(decisions), decisions, by), (state) => save(state.decisions));
  const tools = {
    previewer: previewer(cluster, conversion.options, mappings),
    mappings,
    now: () => new Date().toISOString(),
  };
  return {
    async run(screen: Screen, about: Parameters<typeof sessionSummary>[1]): Promise<string> {
      const end = await runScreen(store, tools, themeFor(screen.env), screen);
      // What was decided may ask something new.
      const rows = rowsAfter(end.decisions);
      return sessionSummary({ ...end, rows, progress: progressOf(rows, end.decisions) }, about);
    },
  };
}
