import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createJobService } from '../../../src/jobs/job-service.ts';
import type { JobService } from '../../../src/jobs/service.ts';
import { openQueueService } from '../../../src/queues/queue-service.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { JobStore } from '../../../src/store/store.ts';
import { ruleScheduler } from '../../queues/rule-scheduler.ts';
import { scriptedEngine } from '../../scheduler/scripted-engine.ts';
import { PLAIN_OUTBOX } from '../../store/plain-outbox.ts';

/** The service over a store on disk. No scheduler: jobs wait until the test ends them. */
export async function openRealService(): Promise<{ service: JobService; store: JobStore; attemptsDir: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-native-'));
  const store = openSqliteStore({
    path: join(directory, 'jobs.db'),
    outbox: PLAIN_OUTBOX,
    onFatal: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
  const attemptsDir = join(directory, 'attempts');
  const service = createJobService({
    store,
    scheduler: {
      engine: (name) => (name === 'local' ? scriptedEngine({}, () => {}) : null),
      engineNames: () => ['local'],
      refusalOf: ({ cpus }) => (cpus > 8 ? { asked: `${cpus} cpus`, available: '8', where: 'this machine' } : null),
      stopTrouble: () => null,
      pendingReason: (job) =>
        job.status === 'PENDING'
          ? { code: 'WAITING_FOR_RESOURCES', message: 'needs 1 cpu', jobsAhead: 0, lack: null }
          : null,
    },
    queues: await openQueueService({ store: store.rules, scheduler: ruleScheduler() }),
    attemptsDir,
    stopGraceMs: 10_000,
    removeFiles: () => undefined,
    now: Date.now,
  });
  return { service, store, attemptsDir };
}
