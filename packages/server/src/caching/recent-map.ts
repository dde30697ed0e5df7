/** A map that knows, nearly, which of its entries was used longest ago. */
export interface RecentMap<Value> {
  readonly size: number;
  /** Counts as a use. */
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Puts another value in place, which is no use; nothing happens where there is none. */
  replace(key: string, value: Value): void;
  delete(key: string): void;
  /** The entry that was used longest ago. */
  oldest(): { key: string; value: Value } | undefined;
}

/**
 * A `Map` keeps the order of insertion, so an entry that is used is taken out and put in again. That costs 4 µs in a large
 * map, so it is done only where so many others were put in since it was done last.
 */
export function createRecentMap<Value>(putInSince: number): RecentMap<Value> {
  const entries = new Map<string, { value: Value; putInAt: number }>();
  let putIn = 0;

  function put(key: string, value: Value): void {
    entries.delete(key);
    putIn += 1;
    entries.set(key, { value, putInAt: putIn });
  }

  return {
    get size() {
      return entries.size;
    },

    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (putIn - entry.putInAt > putInSince) put(key, entry.value);
      return entry.value;
    },

    set: put,

    replace(key, value) {
      const entry = entries.get(key);
      if (entry !== undefined) entry.value = value;
    },

    delete(key) {
      entries.delete(key);
    },

    oldest() {
      for (const [key, { value }] of entries) return { key, value };
      return undefined;
    },
  };
}
