/** Unpacks an embedded script of `packed.ts`. */
export async function unpack<Value>(id: string): Promise<Value> {
  const packed = document.getElementById(id)?.textContent;
  if (packed === undefined || packed === null) throw new Error(`no data ${id}`);
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return (await new Response(stream).json()) as Value;
}

/** The same, each id once. */
export function unpacker(): <Value>(id: string) => Promise<Value> {
  const known = new Map<string, Promise<unknown>>();
  return <Value>(id: string): Promise<Value> => {
    const found = known.get(id) ?? unpack<Value>(id);
    known.set(id, found);
    return found as Promise<Value>;
  };
}
