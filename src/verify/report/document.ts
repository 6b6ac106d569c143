/** What `verify` reports, whatever the format. All texts may come from a hostile input; the formats make them safe. */
export interface VerifyDocument {
  readonly title: string;
  /** The verdict in one sentence. */
  readonly verdict: string;
  /** Whether the verdict asks somebody to act. */
  readonly bad: boolean;
  readonly facts: readonly (readonly [string, string])[];
  /** Sentences on what the figures rest on. */
  readonly notes: readonly string[];
  readonly tables: readonly VerifyTable[];
}

export interface VerifyTable {
  readonly title: string;
  readonly intro: string;
  readonly head: readonly string[];
  /** Columns that hold numbers, which stand at the right. */
  readonly numbers: readonly number[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are left out. */
  readonly more: number;
}

/** A table of the first rows. */
export function tableOf<Item>(
  about: Pick<VerifyTable, 'title' | 'intro' | 'head'> & { readonly numbers?: readonly number[] },
  items: readonly Item[],
  most: number,
  row: (item: Item) => readonly string[],
): VerifyTable[] {
  if (items.length === 0) return [];
  return [
    { numbers: [], ...about, rows: items.slice(0, most).map(row), more: Math.max(0, items.length - most) },
  ];
}
