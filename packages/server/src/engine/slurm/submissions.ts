import type { SlurmJob } from './client/slurm-client.ts';
import { hasEnded } from './cluster-word.ts';
import type { SubmitOutcome } from './submit-queue.ts';

/** The submissions of one attempt, of which the first is mostly the only one. */
export interface Submissions {
  /** Submits now, for the first time or again. */
  submit(): Promise<void>;
  /** Submits, unless that is under way or was done a short while ago. */
  submitIfDue(): void;
  isUnderWay(): boolean;
  count(): number;
  /** When the last one had its answer, or was given up, by {@link performance.now}; null while one is under way. */
  settledAt(): number | null;
  /**
   * Ids that are the attempt's at this moment. A controller that lost what it knew gives ids away again: one counts only if it was
   * listed under the attempt's name in the last answer, or given out since.
   *
   * @param askedAt when the last question began that Slurm has answered; null while it is out of reach
   */
  liveJobs(listed: readonly SlurmJob[], askedAt: number | null): number[];
}

/** What is submitted again and again, and is gone each time, is given more and more time. */
const AGAIN_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** @param onSettled hears of each answer */
export function createSubmissions(
  submitOnce: () => Promise<SubmitOutcome>,
  onSettled: (outcome: SubmitOutcome) => void,
): Submissions {
  let count = 0;
  let isUnderWay = false;
  let begunAt = Number.NEGATIVE_INFINITY;
  let settledAt = performance.now();
  /** With when Slurm named them. */
  const accepted = new Map<number, number>();

  async function submit(): Promise<void> {
    isUnderWay = true;
    count += 1;
    begunAt = performance.now();
    const outcome = await submitOnce();
    settledAt = performance.now();
    isUnderWay = false;
    if (outcome.kind === 'accepted') accepted.set(outcome.jobId, settledAt);
    onSettled(outcome);
  }

  return {
    submit,
    submitIfDue() {
      if (isUnderWay) return;
      const pauseMs = count === 0 ? 0 : Math.min(AGAIN_MS * 2 ** (count - 1), LONGEST_PAUSE_MS);
      if (performance.now() - begunAt >= pauseMs) void submit();
    },
    isUnderWay: () => isUnderWay,
    count: () => count,
    settledAt: () => (isUnderWay ? null : settledAt),
    liveJobs(listed, askedAt) {
      if (askedAt === null) return [];
      const fresh = [...accepted].flatMap(([id, at]) => (at > askedAt ? [id] : []));
      return [...new Set([...listed.filter((job) => !hasEnded(job)).map(({ id }) => id), ...fresh])];
    },
  };
}
