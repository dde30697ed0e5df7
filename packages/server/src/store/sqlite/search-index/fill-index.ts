import { performance } from 'node:perf_hooks';
import { pauseAfter } from './fill-pace.ts';

export interface FillOptions {
  /** Work to do now, in steps of a millisecond or so; answers the seq up to which it is done. */
  work(newestSeq: () => number): Generator<void, number>;
  /** So many seqs beyond what is done are worth another round. */
  batchSeqs: number;
  /** The seq up to which earlier rounds may have come. */
  coveredTo: number;
  newestSeq: number;
  /** When to try again after a failure, such as a full disk. Default: a minute. */
  retryMs?: number;
  /** Told of a failure, and of the next one only when work has succeeded between. */
  onFailure(error: unknown): void;
}

/** Work in the background. Does nothing, and wakes for nothing, while nothing is to do. */
export interface Filling {
  /** A job was committed. */
  noteJob(seq: number): void;
  /** Resolves when nothing is to do, when the work has failed for now, or when it was stopped. */
  settled(): Promise<void>;
  stop(): void;
}

/** A slice of work between two turns of the event loop. */
const SLICE_MS = 2;

export function startFilling(options: FillOptions): Filling {
  const { work, batchSeqs, retryMs = 60_000, onFailure } = options;
  let { coveredTo, newestSeq } = options;
  let steps: Generator<void, number> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let hasComplained = false;
  let isHeldUp = false;
  let isStopped = false;
  let mark = performance.eventLoopUtilization();
  let waiting: (() => void)[] = [];

  const isBehind = () => newestSeq - coveredTo >= batchSeqs;

  function settle(): void {
    steps = null;
    for (const resolve of waiting) resolve();
    waiting = [];
  }

  function runSlice(): void {
    timer = null;
    isHeldUp = false;
    const startedAtMs = performance.now();
    const { utilization } = performance.eventLoopUtilization(mark);
    try {
      steps ??= work(() => newestSeq);
      let step = steps.next();
      while (!step.done && performance.now() - startedAtMs < SLICE_MS) step = steps.next();
      if (step.done) {
        hasComplained = false;
        coveredTo = step.value;
        settle();
        return;
      }
      const pauseMs = pauseAfter(performance.now() - startedAtMs, utilization);
      mark = performance.eventLoopUtilization();
      timer = setTimeout(runSlice, pauseMs);
    } catch (error) {
      if (!hasComplained) onFailure(error);
      hasComplained = true;
      isHeldUp = true;
      timer = setTimeout(runSlice, retryMs).unref();
      settle();
    }
  }

  function begin(): void {
    if (timer !== null || isStopped || !isBehind()) return;
    mark = performance.eventLoopUtilization();
    timer = setTimeout(runSlice);
  }

  begin();
  return {
    noteJob(seq) {
      newestSeq = seq;
      begin();
    },
    settled: () =>
      timer === null || isHeldUp ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)),
    stop() {
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      timer = null;
      settle();
    },
  };
}
