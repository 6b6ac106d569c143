import type { Checked } from '../../../src/checks/check.ts';

/** A conversion, and the findings that all checks together have to tell of it: a part of `code: message` each. */
export interface Case {
  readonly name: string;
  readonly given: Checked;
  readonly found: readonly string[];
}
