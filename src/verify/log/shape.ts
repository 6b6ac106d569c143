/**
 * Texts of paths that a rule of either system names. A path is folded into its shape by its other parts alone, so that what
 * the systems tell apart stays apart.
 */
export type Literals = ReadonlySet<string>;

/** The segments of the paths that rules name. Of a regular expression, the runs of plain characters. */
export function literalsOf(paths: Iterable<string>): Literals {
  const found = new Set<string>();
  for (const path of paths) {
    for (const segment of path.split('/')) {
      if (segment !== '') found.add(segment);
      for (const run of segment.match(/[\w.-]+/g) ?? []) found.add(run);
    }
  }
  return found;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const longestShape = 200;
const deepest = 12;
/** Longer segments may be anything, a token as well. */
const longestWord = 40;
const slash = 47;

/** How much of a path its shape keeps. */
export type Coarseness = 'ids' | 'names' | 'nothing';

/**
 * The shape of a path: numbers, hashes, UUIDs and long words are folded; by `names`, everything that no rule names; by
 * `nothing`, the whole path. It is what reports show, so nothing that may be a secret stays in it.
 */
export function shapeOf(path: string, literals: Literals, coarseness: Coarseness = 'ids'): string {
  if (coarseness === 'nothing') return '/{rest}';
  let shape = '';
  let kept = 0;
  let depth = 0;
  for (let start = 0; start < path.length; ) {
    let end = start;
    let plain = coarseness === 'ids';
    for (; end < path.length; end++) {
      const code = path.charCodeAt(end);
      if (code === slash) break;
      if (code >= 48 && code <= 57) plain = false;
    }
    if (!plain || end - start > longestWord) {
      const segment = path.slice(start, end);
      if (segment !== '' && !literals.has(segment)) {
        shape += path.slice(kept, start) + folded(segment, coarseness);
        kept = end;
      }
    }
    if (++depth === deepest) {
      if (end < path.length) return `${shape}${path.slice(kept, end)}/{rest}`;
    }
    start = end + 1;
  }
  shape += path.slice(kept);
  return shape.length > longestShape ? `${shape.slice(0, longestShape)}{rest}` : shape;
}

function folded(segment: string, coarseness: Coarseness): string {
  const { length } = segment;
  if (coarseness === 'names') return segment === '.' || segment === '..' ? segment : '{name}';
  if (!/\d/.test(segment)) return '{word}';
  if (/^\d+$/.test(segment)) return '{n}';
  if (uuid.test(segment)) return '{uuid}';
  if (length >= 8 && /^[0-9a-f]+$/i.test(segment)) return '{hex}';
  // Escaped characters are none of the number's business.
  const shape = segment.replace(/%[0-9a-f]{2}|\d{2,}/gi, (part) => (part.startsWith('%') ? part : '{n}'));
  return length >= 20 && /[a-z]\d|\d[a-z]/i.test(segment) ? '{id}' : shape;
}
