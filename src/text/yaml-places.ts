import { isNode, LineCounter, parseDocument } from 'yaml';

/** Something that is wrong in a YAML text. */
export interface PlacedProblem {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** Each problem with its place, as in `file.yaml:3:5 …`, in the order of the text. Only here the text is read with positions. */
export function placedProblems(text: string, name: string, problems: readonly PlacedProblem[]): string[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const found = problems.map((problem) => {
    let node: unknown;
    for (let length = problem.path.length; length >= 0 && !isNode(node); length--)
      node = length === 0 ? document.contents : document.getIn(problem.path.slice(0, length), true);
    const offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    const { line, col } = lines.linePos(offset);
    return { offset, text: `${name}:${line}:${col} ${problem.text}` };
  });
  return [...new Set(found.sort((a, b) => a.offset - b.offset).map((one) => one.text))];
}
