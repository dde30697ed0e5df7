import type { ProcessTree } from './processes/process-tree.ts';

/** Brings a tree of processes to its end: SIGTERM, grace, SIGKILL until it is closed. */
export interface TreeEnding {
  /** Sends SIGTERM the first time; SIGKILL follows after `graceMs`, or sooner where an earlier call said so. */
  begin(graceMs: number): void;
  /** Whether {@link begin} was called. */
  begun(): boolean;
  /** Sends SIGTERM to what has come since. */
  repeat(): void;
  close(): void;
}

const KILL_AGAIN_MS = 100;

export function createTreeEnding(tree: ProcessTree, onFailure: (error: unknown) => void): TreeEnding {
  let killAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const terminate = () => void tree.terminate().catch(onFailure);

  function schedule(delayMs: number): void {
    if (closed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(async () => {
      await tree.kill().catch(onFailure);
      // Again, since what is about to become the driver may not have been there.
      schedule(KILL_AGAIN_MS);
    }, delayMs);
  }

  return {
    begin(graceMs) {
      const first = killAt === Number.POSITIVE_INFINITY;
      const at = performance.now() + graceMs;
      if (at < killAt) {
        killAt = at;
        schedule(Math.min(graceMs, LONGEST_TIMER_MS));
      }
      if (first) terminate();
    },
    begun: () => killAt !== Number.POSITIVE_INFINITY,
    repeat: terminate,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** What setTimeout can hold: some 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
