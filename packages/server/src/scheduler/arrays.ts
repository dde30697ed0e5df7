import { setTimeout as delay } from 'node:timers/promises';
import { DroverError } from '../errors/drover-error.ts';
import { endOfArray, makeElement } from '../job/array.ts';
import { elementNamed } from '../job/element-to-come.ts';
import type { JobEnd } from '../job/end.ts';
import type { Job } from '../job/job.ts';
import { isTerminal } from '../job/status.ts';
import type { JobStore } from '../store/store.ts';
import type { RuleBook } from './rules/rule-book.ts';

const RETRY_MS = 1_000;

export interface ArraysOptions {
  store: Pick<JobStore, 'get' | 'insertElement'>;
  rules: Pick<RuleBook, 'apply'>;
  now: () => number;
  /** Aborts when the server closes. */
  closing: AbortSignal;
  /** Ends an array of which nothing runs or waits any more. */
  onOver(array: Job, end: JobEnd): void;
  /** Asks for the end of an element, for the array's own reason. */
  requestStop(elementId: string, array: Job): void;
}

/** Makes jobs of the elements of arrays when their turn has come, and ends arrays when all of their elements have ended. */
export interface Arrays {
  /** An element has its turn: it becomes a job. Devices are kept for it until then. */
  makeElement(id: string, gpus: readonly string[]): Promise<void>;
  /** The devices of an element that has just become a job, once; null for any other job. */
  takeGpus(id: string): readonly string[] | null;
  /** The array is as it is given here: it was taken up, or has changed. */
  tell(array: Job): void;
  /** A stop of the array is on disk: no element starts any more, and those that have are stopped. */
  stop(array: Job, unfinishedElements: Iterable<string>): void;
}

export function createArrays({ store, rules, now, closing, onOver, requestStop }: ArraysOptions): Arrays {
  const gpusOf = new Map<string, readonly string[]>();

  function giveBack(id: string): void {
    gpusOf.delete(id);
    rules.apply({ type: 'released', jobId: id, atMs: now() });
  }

  /** Null where the array is not to have any more elements. */
  async function insert(array: Job, index: number): Promise<Job | null> {
    for (;;) {
      try {
        const made = await store.insertElement(makeElement(array, index, now()));
        if (made !== null) return made;
        const found = await store.get(array.id);
        if (found === null || found.stop !== null || isTerminal(found.status)) return null;
        // One before it is still to be written: the disk was full for that one.
      } catch (error) {
        if (!(error instanceof DroverError) || error.code !== 'STORAGE_FULL') throw error;
      }
      await delay(RETRY_MS, undefined, { signal: closing });
    }
  }

  function tell(array: Job): void {
    const end = endOfArray(array);
    if (end !== null && !isTerminal(array.status)) onOver(array, end);
  }

  return {
    async makeElement(id, gpus) {
      const named = elementNamed(id);
      if (named === null) throw new Error(`${id} is the id of no element`);
      gpusOf.set(id, gpus);
      const array = await store.get(named.arrayId);
      const made = array === null ? null : await insert(array, named.index);
      if (made === null) giveBack(id);
    },

    takeGpus(id) {
      const gpus = gpusOf.get(id) ?? null;
      gpusOf.delete(id);
      return gpus;
    },

    tell,

    stop(array, unfinishedElements) {
      rules.apply({ type: 'left', jobId: array.id });
      for (const id of unfinishedElements) requestStop(id, array);
      tell(array);
    },
  };
}
