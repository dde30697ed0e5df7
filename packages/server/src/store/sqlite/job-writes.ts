import type { DatabaseSync } from 'node:sqlite';
import { countElement, isElement } from '../../job/array.ts';
import type { JobEvent } from '../../job/event.ts';
import type { Job, PastAttempt } from '../../job/job.ts';
import { isTerminal } from '../../job/status.ts';
import { type JobChange, type Transition, transition } from '../../job/transition.ts';
import type { KeyedInsert, SubmitKey } from '../store.ts';
import { prepareAppendEvent } from './append-event.ts';
import { prepareDeleteJob } from './delete-job.ts';
import type { FindJob } from './find-job.ts';
import type { WriteResult } from './group-commit.ts';
import { prepareInsertJob } from './insert-job.ts';
import type { Outbox } from './outbox.ts';
import type { PastAttempts } from './past-attempts.ts';
import { prepareSubmitKeys } from './submit-keys.ts';
import type { JobStep } from './totals.ts';
import { prepareUpdateJob } from './update-job.ts';

/** What a committed write did to a job; `event` is null for a removal. */
export interface CommittedChange extends JobStep {
  job: Job;
  event: JobEvent | null;
  /** Webhooks for which the event waits now. */
  webhookIds: readonly string[];
  /** The array of the element that the job is. */
  array?: CommittedChange;
}

export type Removal =
  | { outcome: 'removed'; job: Job; attemptIds: string[] }
  | { outcome: 'not_ended'; job: Job }
  | { outcome: 'unknown' };

/** The ways to change a job. Each runs inside a transaction, and answers what to tell after its commit. */
export interface JobWrites {
  insert(job: Job): WriteResult<Job | null, CommittedChange>;
  insertOnce(job: Job, key: SubmitKey): WriteResult<KeyedInsert, CommittedChange>;
  sweepSubmitKeys(nowMs: number, keepMs: number): WriteResult<number, CommittedChange>;
  insertElement(element: Job): WriteResult<Job | null, CommittedChange>;
  apply(jobId: string, change: JobChange): WriteResult<Transition | null, CommittedChange>;
  remove(jobId: string): WriteResult<Removal, CommittedChange>;
}

export function prepareJobWrites(
  db: DatabaseSync,
  jobs: FindJob,
  pastAttempts: PastAttempts,
  outbox: Pick<Outbox, 'record'>,
): JobWrites {
  const insertJob = prepareInsertJob(db);
  const updateJob = prepareUpdateJob(db);
  const deleteJob = prepareDeleteJob(db);
  const appendEvent = prepareAppendEvent(db);
  const keys = prepareSubmitKeys(db);

  /** Appends to a job's history, and puts the event aside for the webhooks that want it. */
  function tell(job: Job, happened: JobEvent): Pick<CommittedChange, 'webhookIds'> & { event: JobEvent } {
    const event = appendEvent(job.seq, happened);
    return { event, webhookIds: outbox.record(event, job) };
  }

  function insert(given: Job): WriteResult<Job | null, CommittedChange> {
    const job = insertJob(given);
    if (job === null) return { answer: null, change: null };
    return { answer: job, change: { before: null, after: job, job, ...tell(job, submittedEvent(job)) } };
  }

  /** Counts a changed element in its array; undefined where the array is gone. */
  function countInArray({ before, job: element }: JobStep & { job: Job }, atMs: number): CommittedChange | undefined {
    const array = isElement(element) ? jobs.byId(element.spec.element?.arrayId ?? '') : null;
    // Its status is all that an array counts of an element.
    if (array === null || array.array === null || before?.status === element.status) return undefined;
    const counted = countElement(array, before, element);
    updateJob(counted);
    const hasBegun = array.status !== counted.status;
    const told = { jobId: array.id, atMs, revision: counted.revision, detail: { element: element.id } };
    const step = { before: array, after: counted, job: counted };
    if (hasBegun) return { ...step, ...tell(counted, { ...told, id: 0, type: 'started' }) };
    return { ...step, event: { ...told, id: 0, type: 'progress' }, webhookIds: [] };
  }

  function withArray(change: CommittedChange, atMs: number): CommittedChange {
    const array = countInArray(change, atMs);
    return array === undefined ? change : { ...change, array };
  }

  return {
    insert,

    insertElement(element) {
      const array = jobs.byId(element.spec.element?.arrayId ?? '');
      // Each index becomes a job once, and none does once the array is to end.
      const isNext = array?.array?.next === element.spec.element?.index;
      if (array === null || !isNext || array.stop !== null || isTerminal(array.status))
        return { answer: null, change: null };
      const { answer, change } = insert(element);
      if (answer === null || change === null) throw new Error(`the id ${element.id} of an element is taken`);
      return { answer, change: withArray(change, element.submittedAtMs) };
    },

    insertOnce(given, key) {
      const known = keys.find(key.tenant, key.key);
      if (known !== null) {
        const { digest, jobId, jobSeq } = known;
        return { answer: { outcome: 'known', digest, jobId, job: jobs.bySeq(jobSeq) }, change: null };
      }
      const { answer: job, change } = insert(given);
      if (job === null) return { answer: { outcome: 'id_taken' }, change: null };
      keys.add(key, job);
      return { answer: { outcome: 'inserted', job }, change };
    },

    sweepSubmitKeys: (nowMs, keepMs) => ({ answer: keys.sweep(nowMs, keepMs), change: null }),

    apply(jobId, asked) {
      const before = jobs.byId(jobId);
      if (before === null) return { answer: null, change: null };
      const result = transition(before, asked);
      if (result.outcome !== 'changed') return { answer: result, change: null };
      const { job } = result;
      updateJob(job);
      if (result.past !== undefined) pastAttempts.add(job.seq, result.past);
      const told = tell(job, result.event);
      const change = withArray({ before, after: job, job, ...told }, told.event.atMs);
      return { answer: { ...result, event: told.event }, change };
    },

    remove(jobId) {
      const job = jobs.byId(jobId);
      if (job === null) return { answer: { outcome: 'unknown' }, change: null };
      if (!isTerminal(job.status)) return { answer: { outcome: 'not_ended', job }, change: null };
      const attemptIds = attemptIdsOf(job, pastAttempts.ofJob(job.seq));
      deleteJob(job);
      keys.orphan(job.seq);
      return {
        answer: { outcome: 'removed', job, attemptIds },
        change: { before: job, after: null, job, event: null, webhookIds: [] },
      };
    },
  };
}

/** Every attempt that has left files. */
function attemptIdsOf({ attempt }: Job, past: readonly PastAttempt[]): string[] {
  const ids = [...past.map((one) => one.attempt?.id), attempt?.id];
  return ids.filter((id) => id !== undefined);
}

function submittedEvent(job: Job): JobEvent {
  return {
    id: 0,
    jobId: job.id,
    type: 'submitted',
    atMs: job.submittedAtMs,
    revision: job.revision,
    detail: { door: job.door },
  };
}
