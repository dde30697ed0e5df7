import { setTimeout as delay } from 'node:timers/promises';
import type { StopSignal } from '../../job/job.ts';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, Observation } from '../engine.ts';
import { appendLine } from '../record/append-line.ts';
import { giveUpClaim, takeClaim } from '../record/claim.ts';
import { type AttemptRecord, OUT_OF_MEMORY_LINE } from '../record/grammar.ts';
import { recordClaimedAtMs, recordWrittenAtMs } from '../record/read-record.ts';
import type { AttemptTree } from './attempt-tree.ts';
import { type Decision, decide, type Found } from './decide.ts';
import { createTreeEnding, type TreeEnding } from './end-tree.ts';
import { examineRecord, examineThoroughly } from './examine.ts';
import { isOfMachine, type Machine } from './machine.ts';
import type { AttemptMarks } from './processes/members.ts';

/** What following an attempt needs of the engine. */
export interface FollowContext {
  machine: Machine;
  nowMs(): number;
  launch(attemptId: string): void;
  treeOf(marks: () => AttemptMarks): AttemptTree;
  /** Keeps the log within its limit, before its end is told. */
  capLog(): Promise<void>;
  /** Tells the news. Nothing follows one that is not `started`. */
  report(observation: Observation): void;
  warn(message: string, cause: unknown): void;
}

/** An attempt from its hand-over to its end, whoever handed it over. */
export interface FollowedAttempt {
  readonly handle: AttemptHandle;
  readonly paths: AttemptPaths;
  /** Its supervisor has written to the record. */
  onRecordWritten(): void;
  /** Looks whether what should live does. */
  examine(): void;
  /** Hands it to the launcher, for the first time or because the launcher that had it is gone. */
  launch(): void;
  stop(graceMs: number, signal?: StopSignal): void;
  /** Stops looking after it. */
  close(): Promise<void>;
}

/** An attempt that nobody claims is launched again after so long: the launcher could not fork, perhaps. */
const LAUNCH_AGAIN_MS = 5000;

/** Between looks whether what a driver left behind has ended. */
const FIRST_LOOK_MS = 5;
const LONGEST_LOOK_MS = 200;

export function followAttempt(handle: AttemptHandle, paths: AttemptPaths, context: FollowContext): FollowedAttempt {
  const { attemptId } = handle;
  const examined = { handle, paths, machine: context.machine };
  let record: AttemptRecord | null = null;
  let toldStarted = handle.started;
  let phase: 'following' | 'ending' | 'over' = 'following';
  let launchedAt = Number.NEGATIVE_INFINITY;
  let startedAtMs = 0;
  let driverEndMs: number | null = null;
  let tree: AttemptTree | null = null;
  let ending: TreeEnding | null = null;

  function treeNow(): AttemptTree {
    tree ??= context.treeOf(() => {
      // Pids of another boot, or of a container that has gone, stand for nobody here.
      const ours = isOfMachine(record?.supervisor ?? null, context.machine) ? record : null;
      return {
        attemptId,
        supervisor: ours?.supervisor ?? null,
        driver: ours?.driver ?? null,
        driverEndTicks: driverEndMs === null ? null : context.machine.ticksAt(driverEndMs),
      };
    });
    return tree;
  }

  function endingNow(): TreeEnding {
    ending ??= createTreeEnding(
      () => treeNow().processes,
      (error) => context.warn(`processes of attempt ${attemptId} could not be signalled`, error),
    );
    return ending;
  }

  /** Whatever fails here (a full disk, too many open files) is tried again by the next sweep. */
  function guarded(work: () => void): void {
    if (phase !== 'following') return;
    try {
      work();
    } catch (error) {
      context.warn(`attempt ${attemptId} could not be examined`, error);
    }
  }

  function take(found: Found): void {
    const driverIsNew = found.record?.driver != null && record?.driver == null;
    record = found.record;
    tellStarted();
    if (driverIsNew && ending) ending.repeat();
    carryOut(decide(found));
  }

  function tellStarted(): void {
    const driver = record?.driver;
    if (!driver || toldStarted) return;
    const sameBoot = handle.bootId === context.machine.bootId;
    startedAtMs = sameBoot
      ? context.machine.startedAtMs(driver.startTicks)
      : (recordClaimedAtMs(paths.record) ?? context.nowMs());
    toldStarted = true;
    context.report({ kind: 'started', attemptId, driverPid: driver.pid, startedAtMs });
  }

  function carryOut(decision: Decision): void {
    switch (decision.kind) {
      case 'wait':
        return;
      case 'launch':
        if (ending?.begun()) withdraw('it was stopped before its driver began');
        else if (performance.now() - launchedAt >= LAUNCH_AGAIN_MS) launch();
        return;
      case 'withdraw':
        withdraw(decision.reason);
        return;
      case 'give-up-claim':
        giveUpClaim(paths.record);
        endThen({ kind: 'withdrawn', attemptId, reason: decision.reason });
        return;
      case 'withdrawn':
        endThen({ kind: 'withdrawn', attemptId, reason: decision.reason });
        return;
      case 'ended':
        driverEndMs = recordWrittenAtMs(paths.record) ?? context.nowMs();
        endThen({
          kind: 'ended',
          attemptId,
          exitCode: decision.exitCode,
          endedAtMs: Math.max(driverEndMs, startedAtMs),
          outOfMemory: ranOutOfMemory(),
          ...(decision.startFailure === null ? {} : { startFailure: decision.startFailure }),
        });
        return;
      case 'lost': {
        const lost: Observation = { kind: 'lost', attemptId, atMs: context.nowMs(), reason: decision.reason };
        if (decision.gone) finish(lost);
        else endThen(lost);
      }
    }
  }

  /** What its cgroup knows is written down: the cgroup is removed before the end is told, and this server may die between. */
  function ranOutOfMemory(): boolean {
    if (record?.outOfMemory) return true;
    if (handle.resources.memoryBytes === 0 || !treeNow().sawOutOfMemoryKill()) return false;
    appendLine(paths.record, OUT_OF_MEMORY_LINE);
    return true;
  }

  function launch(): void {
    launchedAt = performance.now();
    context.launch(attemptId);
  }

  function withdraw(reason: string): void {
    if (takeClaim(paths.record)) endThen({ kind: 'withdrawn', attemptId, reason });
    else take(examineThoroughly(examined, record));
  }

  /** Ends what the driver left behind, and only then tells the news. */
  function endThen(news: Observation): void {
    phase = 'ending';
    void endLeftovers()
      .then(context.capLog)
      .then(() => finish(news));
  }

  async function endLeftovers(): Promise<void> {
    let waitMs = FIRST_LOOK_MS;
    while (!over()) {
      try {
        if (await treeNow().processes.isEmpty()) return;
        endingNow().begin(handle.graceMs);
      } catch (error) {
        context.warn(`what attempt ${attemptId} left behind could not be looked at`, error);
      }
      await delay(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_LOOK_MS);
    }
  }

  function finish(news: Observation): void {
    if (over()) return;
    void close();
    context.report(news);
  }

  function over(): boolean {
    return phase === 'over';
  }

  async function close(): Promise<void> {
    phase = 'over';
    await ending?.close();
  }

  function examine(): void {
    guarded(() => take(examineThoroughly(examined, record)));
  }

  return {
    handle,
    paths,
    onRecordWritten: () => guarded(() => take(examineRecord(examined, record))),
    examine,
    launch() {
      if (phase === 'following' && record === null) launch();
    },
    stop(graceMs, signal) {
      if (phase === 'over') return;
      endingNow().begin(graceMs, signal);
      examine();
    },
    close,
  };
}
