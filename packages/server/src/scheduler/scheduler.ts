import type { Engine, Observation } from '../engine/engine.ts';
import type { Job } from '../job/job.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import type { ResourceRequest } from '../job/resources.ts';
import { getWithElements } from '../store/find-element.ts';
import { createAlarms } from '../timing/alarms.ts';
import { createArrays } from './arrays.ts';
import { type ClusterState, describeCluster } from './cluster-state.ts';
import { dependencyEnd, endOf } from './conclusion.ts';
import { createDependencies } from './dependencies.ts';
import { engineNamed, refusalAt, roomsOf } from './engines.ts';
import { createCommitHearing } from './hear-commits.ts';
import { createInBackground } from './in-background.ts';
import { createLifecycle } from './lifecycle.ts';
import type { SchedulerOptions } from './options.ts';
import { pendingReason } from './pending-reason.ts';
import { createPersist } from './persist.ts';
import { createRuleBook } from './rules/create-rule-book.ts';
import type { Refusal } from './rules/refusal.ts';
import type { QueueUse, RuleEvent, TenantUse } from './rules/rule-book.ts';
import { stopTrouble } from './stop-trouble.ts';
import { createTakeUp } from './take-up.ts';
import { createTimeLimits } from './time-limits.ts';
import type { TrackedJob } from './tracked-job.ts';

/** Decides which waiting job starts next, and follows each to its end. The only one that talks to engines. */
export interface Scheduler {
  /** Takes up every job that has not ended. Call once, before the first submit. */
  recover(): Promise<{ adopted: number; waiting: number }>;
  /** News from an engine. */
  observe(observation: Observation): void;
  /** What operators have set about queues and tenants. */
  applyRule(event: OperatorRule): void;
  /** Jobs of a queue that have not ended. */
  unfinishedIn(queue: string): number;
  /** What a queue's, and a tenant's, jobs hold at this moment, and how many wait. */
  queueUse(name: string): QueueUse;
  tenantUse(name: string): TenantUse;
  /** Tenants with jobs that wait or run, or whose past still counts. */
  activeTenants(): string[];
  /** Where drivers run, and what of it is in use. */
  cluster(): ClusterState;
  /** Null where there is none of that name. */
  engine(name: string): Engine | null;
  /** The local one first. */
  engineNames(): string[];
  /** An engine has another capacity than before. */
  engineChanged(name: string): void;
  /** What of a request no state of the engine could ever meet; null where there is no engine of that name, or it says so itself. */
  refusalOf(request: ResourceRequest, engine: string): Refusal | null;
  /** Why a PENDING job waits; null for any other. */
  pendingReason(job: Job): PendingReason | null;
  /** Why a stop that is on disk cannot be carried out for now; null where it is under way, or where none was asked for. */
  stopTrouble(job: Job): string | null;
  /** Attempts that may have processes, or soon will: their files are needed. */
  activeAttempts(): string[];
  isActive(attemptId: string): boolean;
  /** Whether anything runs. */
  isBusy(): boolean;
  /** Writes down what tenants have used, for the next server. */
  saveAverages(): Promise<void>;
  /** Stops deciding. Drivers go on; jobs that wait are found again by the next server. */
  close(): Promise<void>;
}

/** What of the rules is not the scheduler's own to tell. */
export type OperatorRule = Extract<
  RuleEvent,
  { type: 'queue_set' | 'queue_removed' | 'tenant_set' | 'tenant_removed' }
>;

const RECOVERY_PAGE = 1_000;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, engines, preparer, log, now } = options;
  const rules = createRuleBook({ engines: roomsOf(engines), halfLifeMs: options.fairShareHalfLifeMs });
  const tracked = new Map<string, TrackedJob>();
  const byAttempt = new Map<string, TrackedJob>();
  const closing = new AbortController();
  const alarms = createAlarms(now);
  const persist = createPersist(store, log, closing.signal);
  const inBackground = createInBackground(log, closing.signal);
  const lifecycle = createLifecycle({
    ...options,
    rules,
    byAttempt,
    persist,
    closing: closing.signal,
    onChange: decideSoon,
    onEnded: ({ id }) => {
      alarms.clear(`retry:${id}`);
      dependencies.forget(id);
      tracked.delete(id);
    },
    onRetry: (entry, job) => inBackground('take up a job again', entry, takeUp(entry, job)),
  });
  const dependencies = createDependencies({
    get: (id) => getWithElements(store.get, id),
    async recordMet(id, indexes) {
      const written = await persist(id, { type: 'dependencies_met', atMs: now(), indexes });
      return written?.job ?? null;
    },
    onMet: (entry, job) => inBackground('take up a job', entry, takeUp(entry, job)),
    onFailed: (entry, message) =>
      inBackground('end a job', entry, lifecycle.conclude(entry, dependencyEnd(message), now())),
    inBackground,
  });
  const arrays = createArrays({
    ...{ store, rules, now, closing: closing.signal },
    onOver(array, end) {
      const entry = tracked.get(array.id);
      if (entry !== undefined) inBackground('end an array', entry, lifecycle.conclude(entry, end, now()));
    },
    requestStop(id, { stop, spec }) {
      const atMs = now();
      const reason = stop?.reason ?? 'its array has ended';
      const intention = { requestedAtMs: atMs, reason, graceMs: stop?.graceMs ?? spec.stopGraceMs };
      inBackground('stop an element', { id }, persist(id, { type: 'request_stop', atMs, stop: intention }));
    },
  });
  const takeUp = createTakeUp({ lifecycle, preparer, engines, alarms, dependencies, now, inBackground });
  const limits = createTimeLimits({
    ...{ alarms, now },
    requestStop: (id, stop) =>
      inBackground('end a job at its limit', { id }, persist(id, { type: 'request_stop', atMs: now(), stop })),
  });
  let isRoundDue = false;

  /** Several ends and submits of one moment share one round of decisions, and so one commit. */
  function decideSoon(): void {
    if (isRoundDue) return;
    isRoundDue = true;
    setImmediate(() => {
      isRoundDue = false;
      if (closing.signal.aborted) return;
      const admissions = rules.decide(now());
      if (admissions.length > 0) decideSoon();
      for (const { job, gpus } of admissions) {
        const entry = tracked.get(job.id);
        if (entry !== undefined) inBackground('start a job', entry, lifecycle.start(entry, gpus));
        else inBackground('make an element of an array', job, arrays.makeElement(job.id, gpus));
      }
    });
  }

  const commits = createCommitHearing({
    ...{ tracked, lifecycle, dependencies, arrays, limits, takeUp, inBackground },
  });
  const stopListening = store.onCommitted((job, event) => {
    if (event !== null && !closing.signal.aborted) commits.hear(job, event);
  });

  return {
    async recover() {
      const used = await store.rules.averages();
      for (const { tenant, average } of used?.averages ?? []) {
        rules.apply({ type: 'average_known', tenant, average, atMs: used?.atMs ?? 0 });
      }
      let adopted = 0;
      let seq = 0;
      for (;;) {
        const jobs = await store.listUnfinished(seq, RECOVERY_PAGE);
        for (const job of jobs) {
          seq = job.seq;
          commits.enlist(job);
          if (job.attempt !== null) adopted += 1;
        }
        if (jobs.length < RECOVERY_PAGE) return { adopted, waiting: tracked.size - adopted };
      }
    },

    observe(observation) {
      const entry = byAttempt.get(observation.attemptId);
      if (entry === undefined) {
        log.debug({ observation }, 'news of an attempt that has ended');
        return;
      }
      switch (observation.kind) {
        case 'started': {
          const { kind: type, ...news } = observation;
          const change = { type, atMs: now(), ...news };
          rules.apply({ type, jobId: entry.id, startedAtMs: news.startedAtMs });
          return inBackground('record a start', entry, persist(entry.id, change));
        }
        case 'ended':
        case 'refused':
        case 'lost': {
          const atMs = observation.kind === 'ended' ? observation.endedAtMs : observation.atMs;
          return inBackground('record an end', entry, lifecycle.conclude(entry, endOf(observation), atMs));
        }
        case 'withdrawn':
          return inBackground('withdraw an attempt', entry, lifecycle.withdraw(entry, observation.reason));
      }
    },

    applyRule(event) {
      rules.apply(event);
      decideSoon();
    },

    unfinishedIn(queue) {
      let jobs = 0;
      for (const entry of tracked.values()) if (entry.queue === queue) jobs += 1;
      return jobs;
    },

    queueUse: rules.queueUse,
    activeTenants: () => rules.activeTenants(now()),
    tenantUse: (name) => rules.tenantUse(name, now()),

    cluster: () => describeCluster(options, rules),

    engine: (name) => engines.get(name)?.engine ?? null,
    engineNames: () => [...engines.keys()],

    engineChanged(name) {
      const served = engines.get(name);
      if (served === undefined) return;
      rules.apply({ type: 'engine_changed', name, capacity: served.engine.capacity(), atMs: now() });
      decideSoon();
    },

    refusalOf: (request, engine) => refusalAt(engineNamed(engines, engine), request),

    pendingReason: (job) => pendingReason(job, tracked, { rules, engines, nowMs: now() }),

    stopTrouble: (job) => stopTrouble(job, engines),

    activeAttempts: () => [...byAttempt.keys()],
    isActive: (attemptId) => byAttempt.has(attemptId),

    isBusy: () => rules.runningCount > 0,

    async saveAverages() {
      const atMs = now();
      await store.rules.saveAverages({ averages: rules.averages(atMs), atMs });
    },

    async close() {
      stopListening();
      alarms.close();
      closing.abort();
    },
  };
}
