import type { Engine } from '../engine/engine.ts';
import { isElement } from '../job/array.ts';
import type { DependencyCondition } from '../job/dependency.ts';
import type { Job, RetryState } from '../job/job.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import { type Engines, engineOfJob } from './engines.ts';
import type { RuleBook } from './rules/rule-book.ts';
import { stopTrouble } from './stop-trouble.ts';
import type { TrackedJob } from './tracked-job.ts';

/** Why a PENDING job waits; null for any other. Pure. @param tracked what the scheduler knows of jobs that have not ended, by id */
export function pendingReason(
  job: Job,
  tracked: ReadonlyMap<string, TrackedJob>,
  { rules, engines, nowMs }: { rules: Pick<RuleBook, 'reasonToWait'>; engines: Engines; nowMs: number },
): PendingReason | null {
  if (job.status !== 'PENDING') return null;
  const entry = tracked.get(job.id);
  const { element } = job.spec;
  const array =
    entry === undefined && element !== undefined && isElement(job) ? tracked.get(element.arrayId) : undefined;
  if (element !== undefined && array !== undefined) return reasonOfElement(element.index, array, rules);
  if (job.stop !== null) {
    const trouble = stopTrouble(job, engines);
    return reason('STOPPING', trouble === null ? 'is being stopped' : `is being stopped: ${trouble}`);
  }
  if (job.attempt === null && job.retry !== null && job.retry.notBeforeMs > nowMs) {
    return reason('RETRY_BACKOFF', describeBackoff(job, job.retry, nowMs));
  }
  switch (entry?.stage) {
    case 'held':
      return reason('WAITING_FOR_DEPENDENCY', describeDependencies(job));
    case 'waiting':
      return rules.reasonToWait(entry.id) ?? STARTING;
    case 'preparing':
      return PREPARING;
    case 'delayed':
      return delayed(entry);
    case 'handed_over':
      return reasonOfEngine(engineOfJob(engines, job), job);
    default:
      return STARTING;
  }
}

/** Its turn has not come: it waits with its array, behind the elements before it. */
function reasonOfElement(index: number, array: TrackedJob, rules: Pick<RuleBook, 'reasonToWait'>): PendingReason {
  switch (array.stage) {
    case 'held':
      return reason('WAITING_FOR_DEPENDENCY', `its array ${array.id} waits for other jobs`);
    case 'preparing':
      return PREPARING;
    case 'delayed':
      return delayed(array);
    case 'waiting': {
      const found = rules.reasonToWait(array.id);
      const before = index - (array.array?.next ?? index);
      // Its turn has come, and it is being made.
      if (found === null || before < 0) return STARTING;
      if (before === 0) return found;
      const elements = before === 1 ? '1 element of its array comes' : `${before} elements of its array come`;
      const jobsAhead = found.jobsAhead === null ? null : found.jobsAhead + before;
      return { ...found, message: `${elements} before it; of the next: ${found.message}`, jobsAhead };
    }
    default:
      return STARTING;
  }
}

/** Its attempt is with an engine, and has not begun. */
function reasonOfEngine(engine: Engine, { attempt }: Job): PendingReason {
  const trouble = engine.trouble();
  if (trouble !== null) return reason('ENGINE_UNAVAILABLE', trouble);
  const waits = attempt === null ? null : engine.reasonToWait(attempt.id);
  return waits === null ? STARTING : reason('WAITING_IN_ENGINE', waits);
}

const CONDITIONS: Readonly<Record<DependencyCondition, string>> = {
  started: 'to start',
  ended: 'to end',
  succeeded: 'to succeed',
};

/** How many of them are named; the job itself has them all. */
const NAMED = 3;

function describeDependencies({ spec, metDependencies }: Job): string {
  const open = (spec.after ?? []).filter((_, index) => !metDependencies.includes(index));
  const named = open.slice(0, NAMED).map(({ jobId, condition }) => `${jobId} ${CONDITIONS[condition]}`);
  const rest = open.length > NAMED ? [`${open.length - NAMED} more`] : [];
  return `waits for ${[...named, ...rest].join(', ')}`;
}

function describeBackoff({ spec }: Job, { made, notBeforeMs, last }: RetryState, nowMs: number): string {
  const attempts = (spec.retry?.maxRetries ?? 0) + 1;
  const seconds = Math.ceil((notBeforeMs - nowMs) / 1000);
  return `attempt ${made + 1} of ${attempts} begins in ${seconds} s; the last one failed: ${last.end.message}`;
}

const STARTING = reason('STARTING', 'is about to start');
const PREPARING = reason('PREPARING_ENVIRONMENT', 'its environment is being prepared');

function delayed({ delayReason }: TrackedJob): PendingReason {
  return reason('ENGINE_UNAVAILABLE', `is tried again soon, since the machine failed: ${delayReason}`);
}

/** A reason that has nothing to do with the job's turn. */
function reason(code: PendingReason['code'], message: string): PendingReason {
  return { code, message, jobsAhead: null, lack: null };
}
