import { type SlurmClient, SlurmError } from './client/slurm-client.ts';
import type { Contact } from './contact.ts';

/** Ends jobs in Slurm, and tries again until Slurm has taken it. */
export interface Canceller {
  cancel(jobIds: readonly number[]): void;
  /** Begins no more; resolves when what was sent has been answered. */
  close(): Promise<void>;
}

const AGAIN_MS = 5_000;
const AT_ONCE = 4;

export function createCanceller(client: SlurmClient, contact: Contact): Canceller {
  const pending = new Set<number>();
  const busy = new Map<number, Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  function work(): void {
    timer = null;
    for (const jobId of pending) {
      if (busy.size >= AT_ONCE) return;
      if (!busy.has(jobId)) busy.set(jobId, cancelOne(jobId));
    }
  }

  async function cancelOne(jobId: number): Promise<void> {
    try {
      await contact.reach(() => client.cancel(jobId));
      pending.delete(jobId);
    } catch (error) {
      if (error instanceof SlurmError && error.kind !== 'unknown') pending.delete(jobId);
    } finally {
      busy.delete(jobId);
    }
    if (closed || pending.size === 0) return;
    if (pending.has(jobId)) timer ??= setTimeout(work, AGAIN_MS);
    else work();
  }

  return {
    cancel(jobIds) {
      for (const jobId of jobIds) pending.add(jobId);
      if (!closed) work();
    },
    async close() {
      closed = true;
      if (timer) clearTimeout(timer);
      await Promise.all(busy.values());
    },
  };
}
