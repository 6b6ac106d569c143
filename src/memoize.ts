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
