import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';
import type { Path } from '../domain/origin.ts';
import { MAX_DEPTH } from './limits.ts';

/** A value of a YAML or JSON text with its place; offsets count from the start of that text. */
export interface Node {
  /** Of the value's first character; for a value that starts on a later line than its key (`key: |`), of the key. */
  start: number;
  /** The text of a scalar as a person wrote it, without quotes. */
  written?: string;
  entries?: Map<string | number, Node>;
  /** Keys of a mapping that came before, each with the offset of the repetition. */
  repeated?: { key: string; start: number }[];
}

interface Frame {
  node: Node;
  isMapping: boolean;
  key: { text: string; start: number } | undefined;
  count: number;
}

/** The places of all values in a text of one document; undefined where it is not YAML. */
export function parseTree(text: string): Node | undefined {
  try {
    return buildTree(text, parseEvents(text, { maxDepth: MAX_DEPTH }));
  } catch {
    return undefined;
  }
}

/** The node at a path, or the nearest ancestor that there is. */
export function nodeAt(root: Node, path: Path): { readonly node: Node; readonly found: boolean } {
  let node = root;
  for (const step of path) {
    const next = node.entries?.get(step);
    if (next === undefined) return { node, found: false };
    node = next;
  }
  return { node, found: true };
}

/** Every key that a mapping of the tree holds twice, in the order of the text. */
export function repeatedKeys(root: Node): { readonly key: string; readonly start: number }[] {
  const found: { key: string; start: number }[] = [];
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    found.push(...(node.repeated ?? []));
    for (const child of node.entries?.values() ?? []) open.push(child);
  }
  return found.sort((a, b) => a.start - b.start);
}

function buildTree(text: string, events: readonly Event[]): Node | undefined {
  const frames: Frame[] = [];
  let root: Node | undefined;

  const add = (node: Node): void => {
    const frame = frames.at(-1);
    if (frame === undefined) root ??= node;
    else if (!frame.isMapping) frame.node.entries!.set(frame.count++, node);
    else if (frame.key === undefined) frame.key = { text: node.written ?? '', start: node.start };
    else addEntry(text, frame, frame.key, node);
  };

  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) {
      add({ start: scalarStart(text, event), written: getScalarValue(text, event) });
    } else if (event.type === EVENT_ID.ALIAS) {
      add({ start: event.anchorStart - 1 });
    } else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      const node: Node = { start: event.start, entries: new Map() };
      frames.push({ node, isMapping: event.type === EVENT_ID.MAPPING, key: undefined, count: 0 });
    } else if (event.type === EVENT_ID.POP) {
      const closed = frames.pop();
      if (closed !== undefined) add(closed.node);
    }
  }
  return root;
}

function addEntry(text: string, frame: Frame, key: { text: string; start: number }, node: Node): void {
  const { entries } = frame.node;
  if (entries!.has(key.text) && key.text !== '<<') {
    frame.node.repeated ??= [];
    frame.node.repeated.push({ key: key.text, start: key.start });
  }
  if (node.start < key.start || text.slice(key.start, node.start).includes('\n')) node.start = key.start;
  entries!.set(key.text, node);
  frame.key = undefined;
}

function scalarStart(text: string, event: Event & { type: typeof EVENT_ID.SCALAR }): number {
  const quote = text[event.valueStart - 1];
  return quote === '"' || quote === "'" ? event.valueStart - 1 : event.valueStart;
}
