import { droverError } from '../../errors/drover-error.ts';
import type { JobStore } from '../store.ts';
import { createCommitListeners } from './commit-listeners.ts';
import { openConnection } from './connection.ts';
import { prepareFindJob } from './find-job.ts';
import { createGroupCommit } from './group-commit.ts';
import { type CommittedChange, prepareJobWrites } from './job-writes.ts';
import { prepareListAllEvents } from './list-all-events.ts';
import { prepareListElements } from './list-elements.ts';
import { prepareListEvents } from './list-events.ts';
import { prepareListExpired } from './list-expired.ts';
import { prepareListJobs } from './list-jobs.ts';
import { prepareListOldestFinished } from './list-oldest-finished.ts';
import { prepareListUnfinished } from './list-unfinished.ts';
import { prepareOwnedAttempts } from './owned-attempts.ts';
import { preparePastAttempts } from './past-attempts.ts';
import { prepareRuleStore } from './rule-store.ts';
import { prepareSimilarIds } from './similar-ids.ts';
import { prepareTotals } from './totals.ts';

export interface SqliteStoreOptions {
  /** The database file, made where it is missing. Must lie on a local file system that one server has to itself. */
  path: string;
  /** An I/O error at a commit: the process has to exit. Called once; every write rejects from then on. */
  onFatal(error: unknown): void;
}

/**
 * Opens the embedded store. One connection serves reads and writes: no transaction is ever open between two turns of
 * the event loop, so what a read sees is committed.
 *
 * @throws {SchemaTooNewError} where a newer Drover wrote the file.
 */
export function openSqliteStore({ path, onFatal }: SqliteStoreOptions): JobStore {
  const db = openConnection(path);
  const jobs = prepareFindJob(db);
  const totals = prepareTotals(db);
  const pastAttempts = preparePastAttempts(db);
  const writes = prepareJobWrites(db, jobs, pastAttempts);
  const listJobs = prepareListJobs(db, jobs.bySeq, totals);
  const listUnfinished = prepareListUnfinished(db);
  const listOldestFinished = prepareListOldestFinished(db);
  const listElements = prepareListElements(db);
  const listExpired = prepareListExpired(db);
  const ownedAttempts = prepareOwnedAttempts(db);
  const listEvents = prepareListEvents(db);
  const listAllEvents = prepareListAllEvents(db);
  const similarIds = prepareSimilarIds(db);
  const listeners = createCommitListeners();
  const group = createGroupCommit<CommittedChange>({
    db,
    beforeCommit: (changes) => totals.add(changes.flatMap(({ array, ...step }) => (array ? [step, array] : [step]))),
    afterCommit({ job, event, array }) {
      listeners.tell(job, event);
      if (array !== undefined) listeners.tell(array.job, array.event);
    },
    onFatal,
  });
  let closing: Promise<void> | null = null;

  async function write<Answer>(run: Parameters<typeof group.enqueue<Answer>>[0]): Promise<Answer> {
    if (closing !== null) throw droverError('SHUTTING_DOWN', {});
    return group.enqueue(run);
  }

  /** A read whose file was closed under it, while it waited for its turn, ends like one that came too late. */
  async function read<Answer>(run: () => Answer | Promise<Answer>): Promise<Answer> {
    try {
      return await run();
    } catch (error) {
      throw db.isOpen ? error : droverError('SHUTTING_DOWN', {}, error);
    }
  }

  const rules = prepareRuleStore(db, { read, write: (run) => write(() => ({ answer: run(), change: null })) });

  return {
    rules,
    insert: (job) => write(() => writes.insert(job)),
    insertOnce: (job, key) => write(() => writes.insertOnce(job, key)),
    sweepSubmitKeys: (nowMs, keepMs) => write(() => writes.sweepSubmitKeys(nowMs, keepMs)),
    insertElement: (element) => write(() => writes.insertElement(element)),
    apply: (jobId, change) => write(() => writes.apply(jobId, change)),
    remove: (jobId) => write(() => writes.remove(jobId)),
    get: (jobId) => read(() => jobs.byId(jobId)),
    list: (query, signal) => read(() => listJobs(query, signal)),
    listUnfinished: (afterSeq, limit) => read(() => listUnfinished(afterSeq, limit)),
    listOldestFinished: (limit) => read(() => listOldestFinished(limit)),
    listExpired: (nowMs, limit) => read(() => listExpired(nowMs, limit)),
    listElements: (arrayId, limit) => read(() => listElements(arrayId, limit)),
    pastAttempts: (jobSeq) => read(() => pastAttempts.ofJob(jobSeq)),
    ownedAttempts: (attemptIds) => read(() => ownedAttempts(attemptIds)),
    events: (jobId, afterId, limit) => read(() => listEvents(jobId, afterId, limit)),
    allEvents: (afterId, limit) => read(() => listAllEvents.page(afterId, limit)),
    eventBounds: () => read(listAllEvents.bounds),
    counts: () => read(totals.counts),
    storage: () => read(totals.storage),
    similarIds: (jobId, limit) => read(() => similarIds(jobId, limit)),
    onCommitted: listeners.add,
    close() {
      closing ??= group.drained().then(() => db.close());
      return closing;
    },
  };
}
