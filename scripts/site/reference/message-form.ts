import type { FindingType } from '../../../src/domain/findings.ts';
import type { Said } from './observed.ts';

/** What a finding says, with `‹name›` for each value; undefined where its text can't be made without real values. */
export function formOf({ code, message, remedy }: FindingType<never>): Said | undefined {
  try {
    return { code, message: message(placeholders as never), remedy: remedy(placeholders as never) };
  } catch {
    return undefined;
  }
}

const placeholders: unknown = new Proxy({}, { get: (_, key) => placeholder(String(key)) });

/** Reads like a text of its name, whatever is asked of it. */
function placeholder(name: string): unknown {
  const text = `‹${name}›`;
  return new Proxy(() => text, {
    get: (_, key) => {
      if (key === Symbol.toPrimitive || key === 'toString') return () => text;
      if (key === Symbol.iterator) return () => [text][Symbol.iterator]();
      if (key === 'length') return 1;
      if (key === 'join') return () => text;
      if (key === 'map') return (change: (item: unknown) => unknown) => [change(placeholder(name))];
      return placeholder(name);
    },
    apply: () => placeholder(name),
  });
}
