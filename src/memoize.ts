/**
 * A function whose answer for an object is kept as long as the object: for what the locations of a server ask again and again.
 * `rest` has to be such that it does not change the answer.
 */
export function memoize<Key extends object, Rest extends readonly unknown[], Value>(
  answer: (key: Key, ...rest: Rest) => Value,
): (key: Key, ...rest: Rest) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key, ...rest) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = answer(key, ...rest);
    known.set(key, { value });
    return value;
  };
}

/** The same for a list of objects: equal lists hold the same objects in the same order. */
export function memoizeList<Key extends object, Value>(
  answer: (keys: readonly Key[]) => Value,
): (keys: readonly Key[]) => Value {
  interface Step {
    readonly next: WeakMap<Key, Step>;
    found?: { readonly value: Value };
  }
  const first: Step = { next: new WeakMap() };
  return (keys) => {
    let step = first;
    for (const key of keys) {
      const known = step.next.get(key) ?? { next: new WeakMap() };
      if (!step.next.has(key)) step.next.set(key, known);
      step = known;
    }
    step.found ??= { value: answer(keys) };
    return step.found.value;
  };
}
