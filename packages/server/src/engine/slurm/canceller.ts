import type { SlurmClient } from './client/slurm-client.ts';
import type { Contact } from './contact.ts';

/** Ends jobs in Slurm. What fails is not tried again here: whoever wants it looks at the next list of jobs. */
export interface Canceller {
  cancel(jobIds: readonly number[]): void;
  /** Resolves when what was sent has been answered. */
  close(): Promise<void>;
}

const AT_ONCE = 4;

export function createCanceller(client: SlurmClient, contact: Contact): Canceller {
  const waiting = new Set<number>();
  const busy = new Map<number, Promise<void>>();
  let closed = false;

  function work(): void {
    for (const jobId of waiting) {
      if (closed || busy.size >= AT_ONCE) return;
      waiting.delete(jobId);
      if (!busy.has(jobId)) busy.set(jobId, cancelOne(jobId));
    }
  }

  async function cancelOne(jobId: number): Promise<void> {
    try {
      await contact.reach(() => client.cancel(jobId));
    } catch {
      // Out of reach, which the contact keeps, or gone.
      if (contact.isBroken()) waiting.clear();
    } finally {
      busy.delete(jobId);
      work();
    }
  }

  return {
    cancel(jobIds) {
      for (const jobId of jobIds) waiting.add(jobId);
      work();
    },
    async close() {
      closed = true;
      await Promise.all(busy.values());
    },
  };
}
