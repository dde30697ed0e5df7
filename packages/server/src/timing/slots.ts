/** Lets a bounded number of tasks run at once; the others wait in the order they came. */
export interface Slots {
  /**
   * Runs `task` when there is room for it.
   * @throws the signal's reason, where it aborts while waiting; then `task` is never run.
   */
  run<T>(signal: AbortSignal | undefined, task: () => Promise<T>): Promise<T>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const proceed = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.delete(proceed);
        reject(signal?.reason);
      };
      waiting.add(proceed);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** The slot goes to the longest waiting one directly, so that no newcomer takes it in between. */
  function leave(): void {
    const [next] = waiting;
    if (next === undefined) {
      free += 1;
      return;
    }
    waiting.delete(next);
    next();
  }

  return {
    async run(signal, task) {
      await enter(signal);
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
