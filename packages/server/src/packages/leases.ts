/** Who was used lately, and what is being removed. */
export interface Leases {
  /** Keeps `key` from expiring from now on. Resolves when no removal of it is under way: what is there then, stays. */
  renew(key: string): Promise<void>;
  isExpired(key: string): boolean;
  /** Calls `remove` if `key` has expired; a renewal meanwhile waits for it. @returns whether it was called */
  removeExpired(key: string, remove: () => Promise<void>): Promise<boolean>;
  /** Forgets those that have expired; they stay expired. */
  prune(): void;
}

/**
 * Keeps leases in memory. What nobody has used since then counts as used when the leases were made: a new server does not know
 * what the one before it promised.
 *
 * @param clock answers milliseconds that never go back
 */
export function createLeases(durationMs: number, clock: () => number): Leases {
  const madeAtMs = clock();
  const usedAtMs = new Map<string, number>();
  const removals = new Map<string, Promise<void>>();

  function isExpired(key: string): boolean {
    return clock() - (usedAtMs.get(key) ?? madeAtMs) >= durationMs;
  }

  return {
    isExpired,

    async renew(key) {
      usedAtMs.set(key, clock());
      await removals.get(key);
    },

    async removeExpired(key, remove) {
      if (!isExpired(key) || removals.has(key)) return false;
      const removal = remove();
      // Whoever waits for its end can go on, be it a failure or not: they look at what is there.
      const settled = removal.catch(() => undefined);
      removals.set(key, settled);
      try {
        await removal;
      } finally {
        removals.delete(key);
      }
      return true;
    },

    prune() {
      for (const key of [...usedAtMs.keys()]) if (isExpired(key)) usedAtMs.delete(key);
    },
  };
}
