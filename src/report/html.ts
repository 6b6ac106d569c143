import type { Overview } from './overview.ts';

export function* htmlReport(_overview: Overview, _version: string): Generator<string> {
  yield '';
}
