import { type Dependency, judgeDependency } from '../job/dependency.ts';
import { elementNamed, elementToCome } from '../job/element-to-come.ts';
import type { Job } from '../job/job.ts';
import type { InBackground } from './in-background.ts';
import type { TrackedJob } from './tracked-job.ts';

export interface DependenciesOptions {
  /** Elements whose turn has not come are there too. */
  get(jobId: string): Promise<Job | null>;
  /** Writes down that these, by their places in the list of the job, are met: the other job may be deleted from then on. */
  recordMet(jobId: string, indexes: number[]): Promise<Job | null>;
  /** Nothing holds the job any more. */
  onMet(entry: TrackedJob, job: Job): void;
  /** What it waits for can never come. */
  onFailed(entry: TrackedJob, message: string): void;
  inBackground: InBackground;
}

/** Holds jobs until those that they wait for are far enough. */
export interface Dependencies {
  /** Whether the job has to be held. It is let go through `onMet` or `onFailed`. */
  hold(entry: TrackedJob, job: Job): boolean;
  /** The job has changed, and is on disk as it is given here. */
  tell(job: Job): void;
  /** The array was stopped or has ended, and with it its elements that have not become jobs. */
  tellElementsToCome(array: Job): void;
  /** The job is no longer held, whatever becomes of those that it waited for. */
  forget(jobId: string): void;
}

interface HeldJob {
  entry: TrackedJob;
  /** Not met yet, by their places in the job's list. */
  open: Map<number, Dependency>;
}

export function createDependencies(options: DependenciesOptions): Dependencies {
  const { get, recordMet, onMet, onFailed, inBackground } = options;
  const held = new Map<string, HeldJob>();
  const waitersOf = new Map<string, Set<HeldJob>>();

  function release(job: HeldJob): void {
    held.delete(job.entry.id);
    for (const { jobId } of job.open.values()) {
      const waiters = waitersOf.get(jobId);
      waiters?.delete(job);
      if (waiters?.size === 0) waitersOf.delete(jobId);
    }
  }

  /** Looks at what one held job waits for of another; null where that was deleted. */
  function look(waiter: HeldJob, otherId: string, other: Job | null): void {
    const { entry } = waiter;
    if (held.get(entry.id) !== waiter) return;
    const met: number[] = [];
    for (const [index, dependency] of waiter.open) {
      if (dependency.jobId !== otherId) continue;
      const verdict = judgeDependency(dependency, other);
      if (verdict.kind === 'failed') {
        release(waiter);
        onFailed(entry, verdict.message);
        return;
      }
      if (verdict.kind === 'met') met.push(index);
    }
    if (met.length === 0) return;
    const isFree = met.length === waiter.open.size;
    if (isFree) release(waiter);
    for (const index of met) waiter.open.delete(index);
    // Written in the same turn in which the other job's change was told: before anybody could have deleted it.
    const written = recordMet(entry.id, met).then((job) => {
      if (isFree && job !== null) onMet(entry, job);
    });
    inBackground('record that a dependency is met', entry, written);
  }

  function tell(job: Job): void {
    for (const waiter of [...(waitersOf.get(job.id) ?? [])]) look(waiter, job.id, job);
  }

  return {
    hold(entry, job) {
      const all = [...(job.spec.after ?? []).entries()];
      const open = new Map(all.filter(([index]) => !job.metDependencies.includes(index)));
      if (open.size === 0) return false;
      const waiter = { entry, open };
      held.set(entry.id, waiter);
      const others = new Set([...open.values()].map(({ jobId }) => jobId));
      for (const otherId of others) {
        // Listening begins before the first look, or a change in between would be missed.
        waitersOf.set(otherId, (waitersOf.get(otherId) ?? new Set()).add(waiter));
        const looked = get(otherId).then((other) => look(waiter, otherId, other));
        inBackground('look at a dependency', entry, looked);
      }
      return true;
    },

    tell,

    tellElementsToCome(array) {
      for (const id of [...waitersOf.keys()]) {
        const named = elementNamed(id);
        const element = named?.arrayId === array.id ? elementToCome(array, named.index) : null;
        if (element !== null) tell(element);
      }
    },

    forget(jobId) {
      const waiter = held.get(jobId);
      if (waiter !== undefined) release(waiter);
    },
  };
}
