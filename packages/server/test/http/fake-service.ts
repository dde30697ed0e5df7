import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { droverError } from '../../src/errors/drover-error.ts';
import type { JobEnd } from '../../src/job/end.ts';
import type { JobEvent } from '../../src/job/event.ts';
import type { Job } from '../../src/job/job.ts';
import { isTerminal } from '../../src/job/status.ts';
import { type JobChange, transition } from '../../src/job/transition.ts';
import { checkEnvironmentAtSubmit } from '../../src/jobs/check-runtime-env.ts';
import type { JobService, Submission } from '../../src/jobs/service.ts';
import { DEFAULT_SORT, positionOf, sortKeyOf } from '../../src/store/job-sort.ts';
import type { JobListQuery } from '../../src/store/store.ts';
import { attempt, pendingJob } from '../job/fixtures.ts';
import { isBehind, sortJobs } from '../store/sorted-jobs.ts';
import { createFakeLog, type FakeLog } from './fake-log.ts';

/** The service over memory instead of a store and an engine; jobs change by the real transitions only. */
export interface FakeService extends JobService {
  /** The driver exists from now on. */
  start(id: string): Job;
  end(id: string, end?: Partial<JobEnd>): Job;
  output(id: string): FakeLog;
  /** Every later call fails with this. */
  break(error: Error): void;
  /** The queries that `list` was called with. */
  readonly listed: JobListQuery[];
}

export const NODE = { id: 'node2-744947', address: '7.183.38.81' };

export function createFakeService(now: () => number = Date.now): FakeService {
  const jobs = new Map<string, Job>();
  const events: JobEvent[] = [];
  const logs = new Map<string, FakeLog>();
  const changes = new EventEmitter().setMaxListeners(0);
  const listed: JobListQuery[] = [];
  const jobOfKey = new Map<string, string>();
  let lastSeq = 0;
  let broken: Error | null = null;

  function check(): void {
    if (broken !== null) throw broken;
  }

  function record(job: Job, event: Omit<JobEvent, 'id'>): Job {
    jobs.set(job.id, job);
    events.push({ ...event, id: events.length + 1 });
    changes.emit('change');
    return job;
  }

  function apply(id: string, change: JobChange) {
    const job = jobs.get(id);
    if (job === undefined) throw new Error(`no job ${id}`);
    const result = transition(job, change);
    if (result.outcome === 'changed') record(result.job, result.event);
    return result;
  }

  function output(id: string): FakeLog {
    const known = logs.get(id);
    if (known !== undefined) return known;
    const log = createFakeLog(() => jobs.get(id), changes);
    logs.set(id, log);
    return log;
  }

  function handOver(id: string): void {
    if (jobs.get(id)?.attempt) return;
    const onNode = { nodeId: NODE.id, nodeAddress: NODE.address, handedOverAtMs: now() };
    apply(id, { type: 'hand_over', atMs: now(), attempt: { ...attempt(randomUUID()), ...onNode } });
  }

  return {
    listed,
    output,
    break: (error) => {
      broken = error;
    },

    start(id) {
      handOver(id);
      const attemptId = jobs.get(id)?.attempt?.id ?? '';
      return apply(id, { type: 'started', atMs: now(), attemptId, driverPid: 748250, startedAtMs: now() }).job;
    },

    end(id, end = {}) {
      const whole: JobEnd = { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0, ...end };
      const attemptId = jobs.get(id)?.attempt?.id ?? null;
      return apply(id, { type: 'end', atMs: now(), attemptId, end: whole, logBytes: 0 }).job;
    },

    async submit(submission) {
      checkEnvironmentAtSubmit(submission.door, submission.runtimeEnv);
      check();
      if (submission.resources.cpus > 1024) {
        throw droverError('UNSCHEDULABLE', {
          asked: `${submission.resources.cpus} cpus`,
          where: 'this machine',
          available: '1024',
        });
      }
      const id = submission.id ?? `${submission.door === 'native' ? 'job' : 'app'}-${randomUUID()}`;
      if (jobs.has(id)) throw droverError('JOB_EXISTS', { id });
      lastSeq += 1;
      const job = newJob(submission, id, lastSeq, now());
      return record(job, { jobId: id, type: 'submitted', atMs: now(), revision: 1, detail: {} });
    },

    async submitOnce(submission, key) {
      const known = jobs.get((key === null ? submission.id : jobOfKey.get(key)) ?? '');
      if (known !== undefined) {
        if (known.spec.entrypoint === submission.entrypoint) return { job: known, isReplay: true };
        throw key === null
          ? droverError('JOB_EXISTS', { id: known.id })
          : droverError('IDEMPOTENCY_CONFLICT', { id: known.id });
      }
      const job = await this.submit(submission);
      if (key !== null) jobOfKey.set(key, job.id);
      return { job, isReplay: false };
    },

    preview: async (submission) => newJob(submission, submission.id ?? 'job-preview', 0, now()),

    async get(id) {
      check();
      return jobs.get(id) ?? null;
    },

    async list(query) {
      check();
      listed.push(query);
      const { sort = DEFAULT_SORT, after, limit } = query;
      const matching = [...jobs.values()].filter((job) => matches(job, query));
      const sorted = sortJobs(matching, sort);
      const found = after === undefined ? sorted : sorted.filter((job) => isBehind(job, after, sort));
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const isMore = last !== undefined && found.length > page.length;
      return { jobs: page, next: isMore ? positionOf(last, sortKeyOf(sort)) : null };
    },

    async stop(id, { graceMs } = {}) {
      check();
      const job = jobs.get(id);
      if (job === undefined) return 'unknown';
      const stop = { requestedAtMs: now(), reason: 'the job was manually stopped', graceMs: graceMs ?? 10_000 };
      return apply(id, { type: 'request_stop', atMs: now(), stop }).outcome === 'already_ended'
        ? 'already_ended'
        : 'stopping';
    },

    async delete(id) {
      check();
      const job = jobs.get(id);
      if (job === undefined) return 'unknown';
      if (!isTerminal(job.status)) return 'not_ended';
      jobs.delete(id);
      changes.emit('change');
      return 'deleted';
    },

    stopTrouble: () => null,
    pendingReason: (job) =>
      job.status === 'PENDING'
        ? {
            code: 'WAITING_FOR_RESOURCES',
            message: 'needs 2 gpus: 4 in all, 3 in use',
            jobsAhead: 3,
            lack: { resource: 'gpus', needed: 2, total: 4, inUse: 3 },
          }
        : null,

    events: async (id, afterId, limit) =>
      events.filter((event) => event.jobId === id && event.id > afterId).slice(0, limit),

    allEvents: async (afterId, limit) =>
      events
        .filter(({ id }) => id > afterId)
        .slice(0, limit)
        .map((event) => ({ ...event, tenant: jobs.get(event.jobId)?.tenant ?? '' })),
    eventBounds: async () => ({ oldestId: 1, newestId: events.length }),
    watch(_jobId, listener) {
      changes.on('change', listener);
      return () => changes.off('change', listener);
    },

    async counts() {
      const counts = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, STOPPED: 0 };
      for (const job of jobs.values()) counts[job.status] += 1;
      return counts;
    },

    async waitFor(id, isReached, { timeoutMs, signal }) {
      check();
      const limit = AbortSignal.timeout(timeoutMs);
      const over = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      for (;;) {
        const job = jobs.get(id);
        if (job === undefined || isReached(job) || over.aborted) return job ?? null;
        await once(changes, 'change', { signal: over }).catch(() => undefined);
      }
    },

    log: output,
    pastAttempts: async () => [],
    similarIds: async (id) => [...jobs.keys()].filter((known) => known.slice(0, 5) === id.slice(0, 5)).slice(0, 3),
  };
}

function matches(job: Job, { filter }: JobListQuery): boolean {
  const { statuses, tenant, metadata = {}, submittedAfterMs = 0, submittedBeforeMs = Infinity, text } = filter;
  const { id, spec } = job;
  return (
    (statuses?.includes(job.status) ?? true) &&
    job.tenant === (tenant ?? job.tenant) &&
    Object.entries(metadata).every(
      ([key, value]) => Object.hasOwn(spec.metadata, key) && spec.metadata[key] === value,
    ) &&
    job.submittedAtMs >= submittedAfterMs &&
    job.submittedAtMs < submittedBeforeMs &&
    [id, spec.entrypoint, ...Object.values(spec.metadata)].some((part) =>
      part.toLowerCase().includes((text ?? '').toLowerCase()),
    )
  );
}

function newJob(submission: Submission, id: string, seq: number, submittedAtMs: number): Job {
  const { entrypoint, runtimeEnv, metadata, resources, poolLabels, stopGraceMs, tenant, door, stopSignal } = submission;
  const grace = stopGraceMs === null ? {} : { stopGraceMs };
  const signal = stopSignal === undefined ? {} : { stopSignal };
  const spec = { entrypoint, runtimeEnv, metadata, resources, poolLabels, ...grace, ...signal };
  return pendingJob({ seq, id, tenant, door, spec, submittedAtMs });
}
