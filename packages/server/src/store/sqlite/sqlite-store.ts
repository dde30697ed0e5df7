import { droverError } from '../../errors/drover-error.ts';
import type { JobEvent } from '../../job/event.ts';
import type { Job } from '../../job/job.ts';
import type { CommitReport, JobStore } from '../store.ts';
import type { OutboxOptions } from '../webhook-store.ts';
import { createCommitListeners } from './commit-listeners.ts';
import { openConnection } from './connection.ts';
import { prepareFindJob } from './find-job.ts';
import { prepareFinishedNotices } from './finished-notices.ts';
import { createGroupCommit } from './group-commit.ts';
import { type CommittedChange, prepareJobWrites } from './job-writes.ts';
import { prepareListJobs } from './list/list-jobs.ts';
import { prepareListAllEvents } from './list-all-events.ts';
import { prepareListElements } from './list-elements.ts';
import { prepareListEvents } from './list-events.ts';
import { prepareListExpired } from './list-expired.ts';
import { prepareListOldestFinished } from './list-oldest-finished.ts';
import { prepareListUnfinished } from './list-unfinished.ts';
import { prepareOutbox } from './outbox.ts';
import { prepareOwnedAttempts } from './owned-attempts.ts';
import { preparePastAttempts } from './past-attempts.ts';
import { prepareRuleStore, type StoreAccess } from './rule-store.ts';
import { createScheduleStore } from './schedule-store.ts';
import { prepareScheduleTable } from './schedule-table.ts';
import { SEARCH_SIZES, type SearchSizes, startSearchIndex } from './search-index/search-index.ts';
import { prepareSimilarIds } from './similar-ids.ts';
import { prepareTotals } from './totals.ts';
import { prepareWaitingNotices } from './waiting-notices.ts';
import { createWebhookStore } from './webhook-store.ts';
import { prepareWebhookTable } from './webhook-table.ts';

export interface SqliteStoreOptions {
  /** The database file, made where it is missing. Must lie on a local file system that one server has to itself. */
  path: string;
  /** An I/O error at a commit: the process has to exit. Called once; every write rejects from then on. */
  onFatal(error: unknown): void;
  /** Hears how each group of writes fared. Default: nobody. */
  onGroup?: (group: CommitReport) => void;
  outbox: OutboxOptions;
  /** The search index could not be kept up to date, and will be tried again: searches find all they should, but slowly. */
  onIndexFailure?: (error: unknown) => void;
  /** Sizes of the search index. Tests take small ones, so that few jobs show what many do. */
  search?: SearchSizes;
}

export interface SqliteStore extends JobStore {
  /** Resolves when the search index has caught up with the jobs, or has failed for now. */
  searchIndexed(): Promise<void>;
}

/**
 * Opens the embedded store. One connection serves reads and writes: no transaction is ever open between two turns of
 * the event loop, so what a read sees is committed.
 *
 * @throws {SchemaTooNewError} where a newer Drover wrote the file.
 */
export function openSqliteStore({
  path,
  onFatal,
  onGroup,
  outbox: outboxOptions,
  onIndexFailure = () => {},
  search = SEARCH_SIZES,
}: SqliteStoreOptions): SqliteStore {
  const db = openConnection(path);
  const jobs = prepareFindJob(db);
  const totals = prepareTotals(db);
  const pastAttempts = preparePastAttempts(db);
  const webhookTable = prepareWebhookTable(db);
  const finished = prepareFinishedNotices(db);
  const outbox = prepareOutbox(db, webhookTable, finished, outboxOptions);
  const writes = prepareJobWrites(db, jobs, pastAttempts, outbox);
  const listJobs = prepareListJobs(db, jobs.bySeq, totals, search.firstLook);
  const listUnfinished = prepareListUnfinished(db);
  const listOldestFinished = prepareListOldestFinished(db);
  const listElements = prepareListElements(db);
  const listExpired = prepareListExpired(db);
  const ownedAttempts = prepareOwnedAttempts(db);
  const listEvents = prepareListEvents(db);
  const listAllEvents = prepareListAllEvents(db);
  const similarIds = prepareSimilarIds(db);
  const listeners = createCommitListeners<[Job, JobEvent | null]>();
  const outboxListeners = createCommitListeners<[readonly string[]]>();
  const group = createGroupCommit<CommittedChange>({
    db,
    beforeCommit: (changes) => totals.add(changes.flatMap(({ array, ...step }) => (array ? [step, array] : [step]))),
    afterCommit(change) {
      tell(change);
      if (change.array !== undefined) tell(change.array);
    },
    onFatal,
    onGroup,
  });
  const searchIndex = startSearchIndex({
    db,
    runAlone: group.runAlone,
    blockSeqs: search.blockSeqs,
    onFailure: onIndexFailure,
  });
  listeners.add((job, event) => {
    if (event?.type === 'submitted') searchIndex.noteJob(job.seq);
  });
  let closing: Promise<void> | null = null;

  function tell({ job, event, webhookIds }: CommittedChange): void {
    listeners.tell(job, event);
    if (webhookIds.length > 0) outboxListeners.tell(webhookIds);
  }

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

  const access: StoreAccess = { read, write: (run) => write(() => ({ answer: run(), change: null })) };
  const waiting = prepareWaitingNotices(db);
  const webhookParts = { table: webhookTable, outbox, waiting, finished, listeners: outboxListeners };

  return {
    rules: prepareRuleStore(db, access),
    webhooks: createWebhookStore(webhookParts, access),
    schedules: createScheduleStore(prepareScheduleTable(db), writes, access, write),
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
    searchIndexed: searchIndex.settled,
    close() {
      searchIndex.stop();
      closing ??= group.drained().then(() => db.close());
      return closing;
    },
  };
}
