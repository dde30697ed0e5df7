import type { EnvironmentPreparer } from '../environment/environment.ts';
import type { Job } from '../job/job.ts';
import type { Alarms } from '../timing/alarms.ts';
import { STOPPED_END, unschedulableEnd } from './conclusion.ts';
import type { Dependencies } from './dependencies.ts';
import { type Engines, engineOfJob, refusalAt } from './engines.ts';
import { environmentRequest } from './environment-request.ts';
import type { InBackground } from './in-background.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { TrackedJob } from './tracked-job.ts';

export interface TakeUpOptions {
  lifecycle: Lifecycle;
  preparer: EnvironmentPreparer;
  engines: Engines;
  alarms: Alarms;
  dependencies: Dependencies;
  now: () => number;
  inBackground: InBackground;
}

/** Leads a job that no engine has to its turn: new ones, those that an earlier server left waiting, and those that are tried again. */
export function createTakeUp(options: TakeUpOptions): (entry: TrackedJob, job: Job) => Promise<void> {
  const { lifecycle, preparer, engines, alarms, dependencies, now, inBackground } = options;

  return async function takeUp(entry, job) {
    // Stopped by a server that died before it could end it.
    if (job.stop !== null) {
      entry.stopCause = job.stop.cause ?? 'request';
      return lifecycle.conclude(entry, STOPPED_END, now());
    }
    if (dependencies.hold(entry, job)) {
      entry.stage = 'held';
      return;
    }
    const notBeforeMs = job.retry?.notBeforeMs ?? 0;
    if (notBeforeMs > now()) {
      entry.stage = 'backing_off';
      alarms.set(`retry:${job.id}`, notBeforeMs, () => {
        // A stop has had its way meanwhile.
        if (entry.stage === 'backing_off') inBackground('try a job again', entry, takeUp(entry, job));
      });
      return;
    }
    const engine = engineOfJob(engines, job);
    const refusal = refusalAt(engine, job.spec.resources);
    if (refusal !== null) return lifecycle.conclude(entry, unschedulableEnd(refusal), now());
    if (preparer.needsSharedPart(environmentRequest(job, engine))) return lifecycle.prepare(entry, job);
    // Of an array whose elements have all had their turn nothing waits.
    if (entry.array !== undefined && entry.array.next >= entry.array.size) entry.stage = 'waiting';
    else lifecycle.wait(entry);
  };
}
