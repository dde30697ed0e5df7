/** Stands for all names that have no place of their own. No queue and no tenant can have this name. */
export const ALL_OTHERS = 'all others';

/**
 * Bounds how many values a label can have: the first names that come are given a place, and keep it as long as the server runs, so that a
 * series goes on; all that come later share one.
 */
export interface LabelPlaces {
  /** Gives places as long as there are any, in this order. */
  admit(names: Iterable<string>): void;
  has(name: string): boolean;
  readonly names: Iterable<string>;
  readonly isFull: boolean;
}

export function createLabelPlaces(count: number): LabelPlaces {
  const taken = new Set<string>();

  return {
    admit(names) {
      for (const name of names) {
        if (taken.size >= count) return;
        taken.add(name);
      }
    },
    has: (name) => taken.has(name),
    names: taken,
    get isFull() {
      return taken.size >= count;
    },
  };
}
