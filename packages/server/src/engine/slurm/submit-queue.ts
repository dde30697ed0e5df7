import { type SlurmClient, SlurmError, type SlurmSubmission } from './client/slurm-client.ts';
import type { Contact } from './contact.ts';

/** What became of one submission. */
export type SubmitOutcome =
  | { kind: 'accepted'; jobId: number }
  /** Slurm will never take it. */
  | { kind: 'refused'; message: string }
  /** Slurm does not take it as things are. */
  | { kind: 'declined'; message: string }
  /** Slurm may have taken it or not: its answer was lost, or it cannot answer. */
  | { kind: 'unanswered'; message: string };

/** Submits jobs, a few at a time. */
export interface SubmitQueue {
  submit(makeSubmission: () => SlurmSubmission): Promise<SubmitOutcome>;
  /** Sends nothing more; resolves when what was sent has been answered. What waits ends as unanswered. */
  close(): Promise<void>;
}

const AT_ONCE = 4;

export function createSubmitQueue(client: SlurmClient, contact: Contact): SubmitQueue {
  const waiting: (() => void)[] = [];
  const sent = new Set<Promise<number>>();
  let active = 0;
  let closed = false;

  return {
    async submit(makeSubmission) {
      if (active >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
      else active += 1;
      let call: Promise<number> | null = null;
      try {
        if (closed) return { kind: 'unanswered', message: 'the server ends' };
        const submission = makeSubmission();
        call = contact.reach(() => client.submit(submission));
        sent.add(call);
        return { kind: 'accepted', jobId: await call };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { kind: outcomeOf(error), message };
      } finally {
        if (call) sent.delete(call);
        const next = waiting.shift();
        if (next) next();
        else active -= 1;
      }
    },

    async close() {
      closed = true;
      await Promise.allSettled(sent);
    },
  };
}

function outcomeOf(error: unknown): 'refused' | 'declined' | 'unanswered' {
  if (!(error instanceof SlurmError)) return 'unanswered';
  if (error.kind === 'refused') return 'refused';
  return error.kind === 'not-now' ? 'declined' : 'unanswered';
}
