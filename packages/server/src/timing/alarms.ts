/** Wakes at moments of the clock. One timer serves any number of alarms. */
export interface Alarms {
  /** Calls `ring` once at that moment, or as soon as possible where it is past. Replaces the alarm of the same key. */
  set(key: string, atMs: number, ring: () => void): void;
  clear(key: string): void;
  /** No alarm rings any more. */
  close(): void;
}

interface Alarm {
  key: string;
  atMs: number;
  ring: () => void;
  isCleared: boolean;
}

/** A clock that was set to another time is noticed after this at the latest; also the longest that a timer of Node can hold is more. */
const LONGEST_SLEEP_MS = 60_000;

export function createAlarms(now: () => number): Alarms {
  const byKey = new Map<string, Alarm>();
  /** A binary heap: each alarm is not later than those at twice its index and one or two. Cleared ones leave it when they come up. */
  const heap: Alarm[] = [];
  let timer: NodeJS.Timeout | undefined;
  let wakesAtMs = Number.POSITIVE_INFINITY;

  function clear(key: string): void {
    const alarm = byKey.get(key);
    if (alarm === undefined) return;
    alarm.isCleared = true;
    byKey.delete(key);
  }

  function sleepUntilNext(): void {
    const [next] = heap;
    if (next === undefined || next.atMs >= wakesAtMs) return;
    clearTimeout(timer);
    wakesAtMs = next.atMs;
    timer = setTimeout(wake, Math.min(Math.max(0, next.atMs - now()), LONGEST_SLEEP_MS));
    timer.unref();
  }

  function wake(): void {
    wakesAtMs = Number.POSITIVE_INFINITY;
    for (let [next] = heap; next !== undefined && (next.isCleared || next.atMs <= now()); [next] = heap) {
      removeFirst(heap);
      if (next.isCleared) continue;
      byKey.delete(next.key);
      next.ring();
    }
    sleepUntilNext();
  }

  return {
    set(key, atMs, ring) {
      clear(key);
      const alarm = { key, atMs, ring, isCleared: false };
      byKey.set(key, alarm);
      insert(heap, alarm);
      sleepUntilNext();
    },
    clear,
    close() {
      clearTimeout(timer);
      heap.length = 0;
      byKey.clear();
    },
  };
}

function insert(heap: Alarm[], alarm: Alarm): void {
  let index = heap.push(alarm) - 1;
  while (index > 0) {
    const parent = (index - 1) >>> 1;
    if (!isEarlier(heap, index, parent)) return;
    swap(heap, index, parent);
    index = parent;
  }
}

function removeFirst(heap: Alarm[]): void {
  swap(heap, 0, heap.length - 1);
  heap.pop();
  for (let index = 0; ; ) {
    const left = 2 * index + 1;
    const child = isEarlier(heap, left + 1, left) ? left + 1 : left;
    if (!isEarlier(heap, child, index)) return;
    swap(heap, index, child);
    index = child;
  }
}

function isEarlier(heap: readonly Alarm[], index: number, other: number): boolean {
  return (heap[index]?.atMs ?? Number.POSITIVE_INFINITY) < (heap[other]?.atMs ?? Number.POSITIVE_INFINITY);
}

function swap(heap: Alarm[], index: number, other: number): void {
  const [one, two] = [heap[index], heap[other]];
  if (one === undefined || two === undefined) return;
  heap[index] = two;
  heap[other] = one;
}
