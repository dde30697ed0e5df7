import { pino } from 'pino';
import { onTestFinished, vi } from 'vitest';
import { readScheduledJob } from '../../src/http/native/scheduled-job.ts';
import type { Job } from '../../src/job/job.ts';
import { createJobService } from '../../src/jobs/job-service.ts';
import { openQueueService, type QueueService } from '../../src/queues/queue-service.ts';
import type { KeptSchedule } from '../../src/schedule/schedule.ts';
import { type OpenScheduleService, openScheduleService } from '../../src/schedules/open-schedule-service.ts';
import type { ScheduleDraft, ScheduleService } from '../../src/schedules/schedule-service.ts';
import type { ScheduleStore } from '../../src/store/schedule-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { JobStore } from '../../src/store/store.ts';
import { ruleScheduler } from '../queues/rule-scheduler.ts';
import { scriptedEngine } from '../scheduler/scripted-engine.ts';
import { PLAIN_OUTBOX } from '../store/plain-outbox.ts';
import { ended, SUCCESS } from '../store/sample-jobs.ts';

export interface Scene {
  store: JobStore;
  queues: QueueService;
  service: ScheduleService;
  /** Messages of the log. */
  logged: string[];
  /** Creates a schedule of this name, every hour unless told otherwise. */
  create(fields?: Partial<ScheduleDraft>): Promise<KeptSchedule>;
  /** Lets the clock go on to this moment, with all that is due on the way. */
  passUntil(time: string): Promise<void>;
  /** What is due by now is decided. */
  settled(): Promise<void>;
  /** The server ends. */
  end(): Promise<void>;
  /** Another one takes its place. */
  begin(): Promise<void>;
  /** Jobs of the schedule, the oldest first. */
  jobs(): Promise<Job[]>;
  /** The moments that they are for, `HH:MM` in UTC. */
  started(): Promise<string[]>;
  endJob(job: Job | undefined): Promise<void>;
}

export const NAME = 'hourly';

/**
 * Schedules over a store in memory, by a clock that only the test moves; no scheduler: jobs wait until the test ends them.
 *
 * @param time at which the clock stands
 * @param disturb what the service gets in place of the store
 */
export async function openScene(
  time: string,
  disturb: (store: ScheduleStore) => ScheduleStore = (store) => store,
): Promise<Scene> {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
    now: new Date(time),
  });
  onTestFinished(() => void vi.useRealTimers());
  const store = openSqliteStore({
    path: ':memory:',
    outbox: PLAIN_OUTBOX,
    onFatal: (error) => {
      throw error;
    },
  });
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  const queues = await openQueueService({ store: store.rules, scheduler: ruleScheduler() });
  const jobs = createJobService({
    store,
    scheduler: {
      ...{ engine: () => scriptedEngine({}, () => {}), engineNames: () => ['local'] },
      ...{ refusalOf: () => null, pendingReason: () => null, stopTrouble: () => null },
    },
    queues,
    attemptsDir: '/nowhere',
    stopGraceMs: 10_000,
    removeFiles: () => undefined,
    now: Date.now,
  });
  let service: OpenScheduleService;

  async function begin(): Promise<void> {
    const options = { store: disturb(store.schedules), jobs, readJob: readScheduledJob, now: Date.now, log };
    service = await openScheduleService(options);
    service.begin();
    await settled();
  }

  /** What is done about a schedule is done one after another. */
  async function settled(): Promise<void> {
    for (const { schedule } of service.schedules()) {
      const noChange = () => {
        throw new Error('nothing is to change');
      };
      await service.change(schedule.name, noChange).catch(() => undefined);
    }
  }

  onTestFinished(async () => {
    await service.close();
    await store.close();
  });
  await begin();
  const ofSchedule = async () => {
    const page = await store.list({ filter: { schedule: NAME }, sort: 'submitted_at', limit: 1_000 });
    return page.jobs;
  };

  return {
    store,
    queues,
    get service() {
      return service;
    },
    logged,
    create: (fields = {}) =>
      service.create({
        ...{ name: NAME, tenant: 'default', cron: '0 * * * *', timeZone: 'UTC', job: { entrypoint: 'true' } },
        ...{ overlap: 'allow', missed: 'skip', missedWindowMs: null, startMs: null, endMs: null, isPaused: false },
        ...fields,
      }),
    async passUntil(end) {
      // What rings on the way is decided at the end of a step: soon enough to be on time.
      const stepMs = 20_000;
      for (let leftMs = Date.parse(end) - Date.now(); leftMs > 0; leftMs = Date.parse(end) - Date.now()) {
        vi.advanceTimersByTime(Math.min(stepMs, leftMs));
        await settled();
      }
    },
    settled,
    end: () => service.close(),
    begin,
    jobs: ofSchedule,
    async started() {
      return (await ofSchedule()).map(({ spec }) =>
        spec.schedule?.atMs == null ? 'by hand' : new Date(spec.schedule.atMs).toISOString().slice(11, 16),
      );
    },
    async endJob(job) {
      await store.apply(job?.id ?? '', ended(null, SUCCESS, { atMs: Date.now() }));
    },
  };
}
