/** Entries by fingerprint: a table of fixed size that forgets all when it is full. */
export interface NumberTable<Entry> {
  get(number: number): Entry | undefined;
  set(number: number, entry: Entry): void;
  clear(): void;
}

const slots = 1 << 19;
const most = 1 << 18;

/** A Map would make an object of each number that it is asked for, which takes longer than reading the line. */
export function numberTable<Entry>(): NumberTable<Entry> {
  const keys = new Float64Array(slots).fill(-1);
  const places = new Int32Array(slots);
  const entries: Entry[] = [];
  const slotOf = (number: number): number => {
    let slot = number % slots;
    while (keys[slot] !== number && keys[slot] !== -1) slot = (slot + 1) % slots;
    return slot;
  };
  const clear = (): void => {
    keys.fill(-1);
    entries.length = 0;
  };
  return {
    get(number) {
      const slot = slotOf(number);
      return keys[slot] === -1 ? undefined : entries[places[slot]!];
    },
    set(number, entry) {
      if (entries.length >= most) clear();
      const slot = slotOf(number);
      keys[slot] = number;
      places[slot] = entries.length;
      entries.push(entry);
    },
    clear,
  };
}
