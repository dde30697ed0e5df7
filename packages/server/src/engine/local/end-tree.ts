import type { StopSignal } from '../../job/job.ts';
import type { ProcessTree } from './processes/process-tree.ts';

/** Brings a tree of processes to its end: SIGTERM, grace, SIGKILL until it is closed. What fails is told, and tried again. */
export interface TreeEnding {
  /** Sends `signal` (SIGTERM), unless it was sent before; SIGKILL follows after `graceMs`, or sooner where an earlier call said so. */
  begin(graceMs: number, signal?: StopSignal): void;
  /** Whether {@link begin} was called. */
  begun(): boolean;
  /** Sends the signal to what has come since. */
  repeat(): void;
  /** Sends no more. Resolves when what was being sent has been. */
  close(): Promise<void>;
}

const KILL_AGAIN_MS = 100;
const TERMINATE_AGAIN_MS = 1000;

/** @param treeNow may throw: it reads files of the attempt */
export function createTreeEnding(treeNow: () => ProcessTree, onFailure: (error: unknown) => void): TreeEnding {
  let killAt = Number.POSITIVE_INFINITY;
  let signal: StopSignal = 'SIGTERM';
  let killTimer: NodeJS.Timeout | null = null;
  let terminateTimer: NodeJS.Timeout | null = null;
  const sending = new Set<Promise<void>>();
  let closed = false;

  /** Never rejects; answers whether it went well. */
  async function send(order: (tree: ProcessTree) => Promise<void>): Promise<boolean> {
    const sent = (async () => order(treeNow()))();
    sending.add(sent);
    try {
      await sent;
      return true;
    } catch (error) {
      onFailure(error);
      return false;
    } finally {
      sending.delete(sent);
    }
  }

  async function terminate(): Promise<void> {
    if (closed) return;
    const sent = await send((tree) => tree.terminate(signal));
    if (!sent && !closed) terminateTimer = setTimeout(terminate, TERMINATE_AGAIN_MS);
  }

  function scheduleKill(delayMs: number): void {
    if (closed) return;
    if (killTimer) clearTimeout(killTimer);
    killTimer = setTimeout(async () => {
      await send((tree) => tree.kill());
      // Again, since what is about to become the driver may not have been there.
      scheduleKill(KILL_AGAIN_MS);
    }, delayMs);
  }

  return {
    begin(graceMs, nextSignal = 'SIGTERM') {
      const isNew = killAt === Number.POSITIVE_INFINITY || nextSignal !== signal;
      signal = nextSignal;
      const at = performance.now() + graceMs;
      if (at < killAt) {
        killAt = at;
        scheduleKill(Math.min(graceMs, LONGEST_TIMER_MS));
      }
      if (isNew) void terminate();
    },
    begun: () => killAt !== Number.POSITIVE_INFINITY,
    repeat: () => void terminate(),
    async close() {
      closed = true;
      if (killTimer) clearTimeout(killTimer);
      if (terminateTimer) clearTimeout(terminateTimer);
      await Promise.allSettled(sending);
    },
  };
}

/** What setTimeout can hold: some 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
