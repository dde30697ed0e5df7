import { pino } from 'pino';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Engine, EngineCapacity, Observation } from '../../src/engine/engine.ts';
import type { EnvironmentPreparer } from '../../src/environment/environment.ts';
import type { Job } from '../../src/job/job.ts';
import { isTerminal } from '../../src/job/status.ts';
import { createJobService } from '../../src/jobs/job-service.ts';
import type { JobService, Submission } from '../../src/jobs/service.ts';
import { openQueueService, type QueueService } from '../../src/queues/queue-service.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/scheduler.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { JobStore } from '../../src/store/store.ts';
import { PATIENCE_MS } from '../engine/until.ts';
import { useDirectory } from '../server/use-directory.ts';
import { PLAIN_OUTBOX } from '../store/plain-outbox.ts';
import { type ScriptedEngine, scriptedEngine } from './scripted-engine.ts';

/** A scheduler over a real store and an engine that says what the test wants it to. */
export interface SchedulerFixture {
  store: JobStore;
  engine: ScriptedEngine;
  /** Has a queue of its own; there where the test asks for it. */
  cluster: ScriptedEngine;
  scheduler: Scheduler;
  service: JobService;
  queues: QueueService;
  /** Lines of the log at level error. */
  logged: string[];
  /** The job once it has ended. */
  end(job: Job): Promise<Job>;
  /** The job once it is in that status. */
  reached(job: Job, status: Job['status']): Promise<Job>;
  /** Its driver runs, and ends with this code; resolves with the id of the attempt. */
  runs(job: Job, exitCode: number): Promise<string>;
  close(): Promise<void>;
}

export interface FixtureOptions {
  preparer?: EnvironmentPreparer;
  maxRunning?: number;
  capacity?: Partial<EngineCapacity>;
  /** How many jobs an engine named `cluster` is given at once; null or absent: there is none. */
  clusterSlots?: number | null;
  /** What that engine is otherwise. */
  clusterIs?: Partial<Engine>;
  /** Before what the machine failed is tried again. */
  retryDelayMs?: number;
  /** Absent: the clock of the machine. */
  now?: () => number;
}

/** Environments that are ready at once, unless a test says otherwise. */
export function instantPreparer(overrides: Partial<EnvironmentPreparer> = {}): EnvironmentPreparer {
  return {
    needsSharedPart: () => false,
    prepareShared: async () => {},
    prepareAttempt: async () => ({ workingDirectory: '/tmp', variables: {}, diskBytes: 0 }),
    ...overrides,
  };
}

/** @param directory holds the store and the attempts, also of a scheduler to come */
export async function openScheduler(
  directory: string,
  {
    preparer = instantPreparer(),
    maxRunning = 10,
    capacity = {},
    clusterSlots = null,
    clusterIs = {},
    retryDelayMs = 50,
    now = Date.now,
  }: FixtureOptions = {},
): Promise<SchedulerFixture> {
  const store = openSqliteStore({
    path: `${directory}/drover.db`,
    outbox: PLAIN_OUTBOX,
    onFatal: (error) => {
      throw error;
    },
  });
  const hear = (observation: Observation) => scheduler.observe(observation);
  const engine = scriptedEngine(capacity, hear);
  const cluster = scriptedEngine({}, hear, { name: 'cluster', hasOwnQueue: true, ...clusterIs });
  const engines = new Map([['local', { engine, maxRunning }]]);
  if (clusterSlots !== null) engines.set('cluster', { engine: cluster, maxRunning: clusterSlots });
  const logged: string[] = [];
  const scheduler = createScheduler({
    store,
    engines,
    preparer,
    attemptsDir: directory,
    node: { id: 'node-1', address: '127.0.0.1' },
    fairShareHalfLifeMs: 60_000,
    retryDelayMs,
    now,
    random: () => 0,
    log: pino({ level: 'error' }, { write: (line: string) => logged.push(line) }),
  });
  const queues = await openQueueService({ store: store.rules, scheduler });
  const service = createJobService({
    store,
    scheduler,
    queues,
    attemptsDir: directory,
    stopGraceMs: 10_000,
    removeFiles: () => {},
    now,
  });

  async function once(job: Job, isReached: (job: Job) => boolean): Promise<Job> {
    const found = await service.waitFor(job.id, isReached, { timeoutMs: PATIENCE_MS });
    if (found === null) throw new Error(`job ${job.id} is gone`);
    return found;
  }

  return {
    ...{ store, engine, cluster, scheduler, service, queues, logged },
    end: (job) => once(job, ({ status }) => isTerminal(status)),

    async reached(job, status) {
      const found = await once(job, (now) => now.status === status);
      expect(found.status).toBe(status);
      return found;
    },

    async runs(job, exitCode) {
      const { attemptId } = await engine.orderOf(job.id);
      engine.say(startOf(attemptId));
      engine.say(endOf(attemptId, exitCode));
      return attemptId;
    },

    async close() {
      await scheduler.close();
      await store.close();
    },
  };
}

/** The scheduler of the test that runs. */
export interface UsedScheduler extends SchedulerFixture {
  /** Puts another one in its place, over the same store and attempts, as the next server would. It has recovered nothing yet. */
  restart(options?: FixtureOptions): Promise<void>;
}

/** A scheduler of its own for each test of a file; what it answers is there once they run. */
export function useScheduler(options: FixtureOptions = {}): UsedScheduler {
  const fixture: UsedScheduler = Object.create(null);
  const directory = useDirectory();
  const open = async (changes: FixtureOptions = {}) => {
    Object.assign(fixture, await openScheduler(directory.path, { ...options, ...changes }));
  };
  fixture.restart = async (changes) => {
    await fixture.close();
    await open(changes);
  };

  beforeEach(() => open());
  afterEach(() => fixture.close());

  return fixture;
}

export function submission(fields: Partial<Submission> = {}): Submission {
  return {
    id: null,
    tenant: '',
    door: 'openyuanrong',
    entrypoint: 'true',
    runtimeEnv: { working_dir: '/tmp' },
    metadata: {},
    resources: { cpus: 0, gpus: 0, memoryBytes: 0, custom: {} },
    poolLabels: [],
    stopGraceMs: null,
    ...fields,
  };
}

export function startOf(attemptId: string, startedAtMs = 1): Observation {
  return { kind: 'started', attemptId, driverPid: 42, startedAtMs };
}

export function endOf(attemptId: string, exitCode = 0, endedAtMs = Date.now()): Observation {
  return { kind: 'ended', attemptId, exitCode, endedAtMs, outOfMemory: false };
}
