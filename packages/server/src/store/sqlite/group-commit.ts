import type { DatabaseSync } from 'node:sqlite';
import { droverError } from '../../errors/drover-error.ts';
import type { CommitReport } from '../store.ts';
import { storageFailure } from './storage-failure.ts';

/** Bounds how long one group keeps the event loop busy. */
const MAX_GROUP = 500;

/** What a write did, known inside the transaction and told only after the commit. */
export interface WriteResult<Answer, Change> {
  answer: Answer;
  /** Null where nothing was changed. */
  change: Change | null;
}

export interface GroupCommit<Change> {
  /**
   * Queues a write. `run` is called inside the transaction and must be synchronous; where it throws, only its own
   * statements are undone and only this promise rejects.
   */
  enqueue<Answer>(run: () => WriteResult<Answer, Change>): Promise<Answer>;
  /** Runs synchronous writes in a transaction that no queued write shares, at once. Throws what they, or their commit, failed with. */
  runAlone(run: () => void): void;
  /** Resolves when nothing is queued any more. */
  drained(): Promise<void>;
}

export interface GroupCommitOptions<Change> {
  db: DatabaseSync;
  /** Called with the changes of a whole group, last thing before its commit. */
  beforeCommit(changes: readonly Change[]): void;
  /** Called once per change right after the commit, before the write's promise resolves. */
  afterCommit(change: Change): void;
  /** Called once per group, when its writers were told, whether it was committed or not. */
  onGroup?: ((group: CommitReport) => void) | undefined;
  /** An I/O error: what is on disk is unknown. Called once; every write rejects from then on. */
  onFatal(error: unknown): void;
}

/** A write in the queue: the type of its answer is known to its closures only. */
interface QueuedWrite<Change> {
  run(): Change | null;
  resolve(): void;
  reject(error: unknown): void;
}

type Applied<Change> = { write: QueuedWrite<Change> } & ({ change: Change | null } | { refusal: unknown });

/**
 * Lets concurrent writes share one commit: whatever was queued until the event loop's next turn is applied and
 * committed in one synchronous step.
 */
export function createGroupCommit<Change>(options: GroupCommitOptions<Change>): GroupCommit<Change> {
  const { db, onFatal, onGroup } = options;
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const savepoint = db.prepare('SAVEPOINT write');
  const release = db.prepare('RELEASE write');
  const undo = db.prepare('ROLLBACK TO write');

  let queue: QueuedWrite<Change>[] = [];
  let isScheduled = false;
  let fatal: { error: unknown } | null = null;
  let waitingForDrain: (() => void)[] = [];

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  }

  function flush(): void {
    isScheduled = false;
    const group = queue.slice(0, MAX_GROUP);
    queue = queue.slice(MAX_GROUP);
    if (queue.length > 0) schedule();
    commitGroup(group);
    if (queue.length > 0) return;
    for (const resolve of waitingForDrain) resolve();
    waitingForDrain = [];
  }

  function commitGroup(group: readonly QueuedWrite<Change>[]): void {
    const applied: Applied<Change>[] = [];
    const changes: Change[] = [];
    const beganAtMs = performance.now();
    try {
      if (fatal !== null) throw fatal.error;
      begin.run();
      for (const write of group) {
        const entry = apply(write);
        applied.push(entry);
        if ('change' in entry && entry.change !== null) changes.push(entry.change);
      }
      options.beforeCommit(changes);
      commit.run();
    } catch (error) {
      const reason = abandon(error);
      const durationMs = performance.now() - beganAtMs;
      for (const write of group) write.reject(reason);
      onGroup?.({ writes: group.length, durationMs, isCommitted: false });
      return;
    }
    const durationMs = performance.now() - beganAtMs;
    for (const entry of applied) {
      if ('refusal' in entry) {
        entry.write.reject(entry.refusal);
        continue;
      }
      if (entry.change !== null) options.afterCommit(entry.change);
      entry.write.resolve();
    }
    onGroup?.({ writes: group.length, durationMs, isCommitted: true });
  }

  function apply(write: QueuedWrite<Change>): Applied<Change> {
    savepoint.run();
    try {
      const change = write.run();
      release.run();
      return { write, change };
    } catch (error) {
      // A failing disk is everybody's; SQLite may have ended the transaction already.
      if (storageFailure(error) !== null || !db.isTransaction) throw error;
      undo.run();
      release.run();
      return { write, refusal: error };
    }
  }

  /** Undoes the group and answers what its writers are told. */
  function abandon(error: unknown): unknown {
    if (fatal !== null) return error;
    let failure = storageFailure(error);
    try {
      if (db.isTransaction) rollback.run();
    } catch {
      // The group's own error says more than that of its rollback, and without one nothing can go on.
      failure = 'fatal';
    }
    if (failure === 'full') return droverError('STORAGE_FULL', {}, error);
    if (failure === 'fatal') {
      fatal = { error };
      onFatal(error);
    }
    return error;
  }

  return {
    enqueue<Answer>(run: () => WriteResult<Answer, Change>): Promise<Answer> {
      return new Promise((resolve, reject) => {
        let answer: Answer;
        queue.push({
          run() {
            const result = run();
            answer = result.answer;
            return result.change;
          },
          resolve: () => resolve(answer),
          reject,
        });
        schedule();
      });
    },
    runAlone(run) {
      try {
        if (fatal !== null) throw fatal.error;
        begin.run();
        run();
        commit.run();
      } catch (error) {
        throw abandon(error);
      }
    },
    drained: () =>
      queue.length === 0 ? Promise.resolve() : new Promise((resolve) => void waitingForDrain.push(resolve)),
  };
}
