import type { ClusterEnd, ClusterWord } from '../remote/decide.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import { shellCodeOf } from './client/wait-status.ts';

/** What the supervisor ends with where it has no driver's code, see `supervisor.sh`. */
const NOT_OURS = 113;

const WAITING = new Set(['PENDING', 'REQUEUED', 'REQUEUE_HOLD', 'REQUEUE_FED', 'RESV_DEL_HOLD', 'SPECIAL_EXIT']);
const ENDED = new Set([
  'COMPLETED',
  'FAILED',
  'CANCELLED',
  'TIMEOUT',
  'DEADLINE',
  'PREEMPTED',
  'NODE_FAIL',
  'BOOT_FAIL',
  'LAUNCH_FAILED',
  'OUT_OF_MEMORY',
  'REVOKED',
]);
const HELD_AFTER_FAILURE = /requeued?[ _]held|launch[ _]failed/i;

/**
 * What Slurm says of an attempt, from all jobs that carry its mark: there are several where a submission was repeated.
 *
 * @param claimant id of the job whose supervisor has the claim, where one has: then it is the only one that counts
 */
export function clusterWordOf(jobs: readonly SlurmJob[], claimant: string | null): ClusterWord {
  const counting = claimant === null ? jobs : jobs.filter(({ id }) => String(id) === claimant);
  if (counting.some(isRunning)) return { kind: 'running' };
  const waiting = counting.filter(isWaiting);
  if (waiting.length > 0) {
    const stuck = waiting.every(({ reason, state }) => HELD_AFTER_FAILURE.test(reason) || state === 'REQUEUE_HOLD');
    return { kind: 'waiting', stuck };
  }
  const last = counting.toSorted((a, b) => a.submittedAt - b.submittedAt).at(-1);
  return last === undefined ? { kind: 'absent' } : endOf(last);
}

export function isWaiting({ state }: SlurmJob): boolean {
  return WAITING.has(state);
}

/** States that are not known here count as running: then nothing is decided. */
function isRunning({ state }: SlurmJob): boolean {
  return !WAITING.has(state) && !ENDED.has(state);
}

export function hasEnded({ state }: SlurmJob): boolean {
  return ENDED.has(state);
}

/** Whether its supervisor found the claim taken, and so says nothing of the driver. */
export function isNotOurs({ waitStatus }: SlurmJob): boolean {
  return waitStatus !== null && shellCodeOf(waitStatus) === NOT_OURS;
}

function endOf(job: SlurmJob): ClusterEnd {
  const { state, waitStatus, hadNode } = job;
  const code = waitStatus === null ? null : shellCodeOf(waitStatus);
  const words = wordsOf(job);
  switch (state) {
    case 'TIMEOUT':
    case 'DEADLINE':
      return { kind: 'ended', exitCode: code || ASKED_TO_END, cause: 'time_limit', words };
    case 'CANCELLED':
    case 'PREEMPTED':
      return {
        kind: 'ended',
        exitCode: code || ASKED_TO_END,
        cause: 'cancelled',
        words,
        ...(hadNode === undefined ? {} : { hadNode }),
      };
    case 'OUT_OF_MEMORY':
      return { kind: 'ended', exitCode: KILLED, cause: 'out_of_memory', words };
    case 'COMPLETED':
    case 'FAILED':
      if (code === null || code === NOT_OURS) return { kind: 'ended', exitCode: null, cause: 'failed', words };
      return { kind: 'ended', exitCode: code, cause: 'itself', words };
    default:
      return { kind: 'ended', exitCode: null, cause: 'failed', words };
  }
}

const ASKED_TO_END = 143;
const KILLED = 137;

function wordsOf({ id, state, reason }: SlurmJob): string {
  const why = reason === '' ? '' : `, ${reason}`;
  switch (state) {
    case 'TIMEOUT':
      return `Slurm ended the job ${id} at its time limit (${state}${why})`;
    case 'DEADLINE':
      return `Slurm ended the job ${id} at its deadline (${state}${why})`;
    case 'CANCELLED':
      return `the job ${id} was cancelled in Slurm, and not by Drover (${state}${why})`;
    case 'PREEMPTED':
      return `Slurm ended the job ${id} for another one (${state}${why})`;
    case 'NODE_FAIL':
      return `Slurm: the node of job ${id} failed (${state}${why})`;
    default:
      return `Slurm: job ${id} is ${state}${why}`;
  }
}
