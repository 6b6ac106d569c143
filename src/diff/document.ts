/**
 * What every view of `diff` comes to: sections of lines that stand on the left side, on the right one or on both. The formats know
 * nothing else. All texts may come from a hostile input; the formats make them safe.
 */
export interface DiffDocument {
  readonly title: string;
  /** Names of the two sides. */
  readonly left: string;
  readonly right: string;
  /** Sentences on top. */
  readonly summary: readonly string[];
  readonly sections: readonly DiffSection[];
  /** Whether anything differs: what `--exit-code` tells. */
  readonly different: boolean;
}

export interface DiffSection {
  readonly title: string;
  /** What belongs to the section as a whole, one line each. */
  readonly notes: readonly string[];
  readonly lines: readonly DiffLine[];
}

export interface DiffLine {
  readonly side: 'left' | 'right' | 'both';
  readonly text: string;
}

/** A line of the left side beside one of the right; undefined where a side has none. */
export interface LinePair {
  readonly left: string | undefined;
  readonly right: string | undefined;
  readonly same: boolean;
}

export const signs = { left: '-', right: '+', both: ' ' } as const;

/** Lines in pairs: a run of left lines stands beside the run of right lines that follows it. */
export function inPairs(lines: readonly DiffLine[]): LinePair[] {
  const pairs: LinePair[] = [];
  let left: string[] = [];
  let right: string[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(left.length, right.length); index++)
      pairs.push({ left: left[index], right: right[index], same: false });
    left = [];
    right = [];
  };
  for (const { side, text } of lines) {
    if (side === 'both') {
      flush();
      pairs.push({ left: text, right: text, same: true });
    } else if (side === 'left') {
      if (right.length > 0) flush();
      left.push(text);
    } else {
      right.push(text);
    }
  }
  flush();
  return pairs;
}
