import { LOCAL_ENGINE } from '../engine/engine.ts';
import { DEFAULT_ABILITIES, type EnvironmentAbilities } from '../environment/plan.ts';
import { droverError } from '../errors/drover-error.ts';
import { newArrayState } from '../job/array.ts';
import type { Job, StopIntention } from '../job/job.ts';
import { isTerminal } from '../job/status.ts';
import type { Queue } from '../queue/queue.ts';
import type { QueueService } from '../queues/queue-service.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { findElementToCome, getWithElements } from '../store/find-element.ts';
import type { JobStore } from '../store/store.ts';
import { createSlots } from '../timing/slots.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkEntrypoint } from './check-entrypoint.ts';
import { checkEnvironmentAtSubmit } from './check-runtime-env.ts';
import { type ChosenEngine, chooseEngine, engineFields } from './choose-engine.ts';
import { createJobCache } from './job-cache.ts';
import { withQueueDefaults } from './job-defaults.ts';
import { generateJobId } from './job-ids.ts';
import { createJobWatchers } from './job-watchers.ts';
import { openJobLog } from './log/open-job-log.ts';
import type { JobService, Submission } from './service.ts';
import { asksForTheSame, submitById, submitByKey } from './submit-once.ts';
import { waitForJob } from './wait-for-job.ts';

export interface JobServiceOptions {
  store: JobStore;
  scheduler: Pick<Scheduler, 'refusalOf' | 'pendingReason' | 'stopTrouble' | 'engine' | 'engineNames'>;
  /** Of jobs for which neither they nor their queue name one. Default: the local one. */
  defaultEngine?: string;
  queues: Pick<QueueService, 'queueForSubmit' | 'refusalOf'>;
  attemptsDir: string;
  stopGraceMs: number;
  /** Default: those of `checkRuntimeEnv`. */
  abilities?: EnvironmentAbilities;
  /** Removes what a deleted job leaves on disk. */
  removeFiles: (attemptIds: readonly string[]) => void;
  now: () => number;
}

const CACHED_JOBS = 4_096;
const SIMILAR_IDS = 3;
/** Node has four threads for them. */
const LOG_READS_AT_ONCE = 8;
/** Elements of an array that are deleted in one commit. */
const PAGE = 200;
const STOP_REASON = 'the job was manually stopped';

/** The service behind every door. */
export function createJobService(options: JobServiceOptions): JobService {
  const { store, scheduler, queues, now, defaultEngine = LOCAL_ENGINE } = options;
  const cache = createJobCache(CACHED_JOBS);
  const watchers = createJobWatchers();

  store.onCommitted((job, event) => {
    if (event === null) {
      cache.remove(job.id);
      watchers.tell(job.id, null);
    } else {
      cache.refresh(job);
      watchers.tell(job.id, job);
      const endsElements = event.type === 'stop_requested' || event.type === 'ended';
      if (job.array !== null && endsElements) watchers.tellElementsToCome(job);
    }
  });

  async function getRow(id: string): Promise<Job | null> {
    const cached = cache.get(id);
    if (cached !== undefined) return cached;
    const job = await store.get(id);
    if (job !== null) cache.add(job);
    return job;
  }

  const get = (id: string) => getWithElements(getRow, id);

  /** What has no row cannot be changed. @throws `ELEMENT_NOT_STARTED` */
  async function changeWithoutRow(id: string, what: 'stop' | 'delete'): Promise<'already_ended' | 'unknown'> {
    const element = await findElementToCome(getRow, id);
    if (element === null) return 'unknown';
    if (what === 'stop' && isTerminal(element.status)) return 'already_ended';
    throw droverError('ELEMENT_NOT_STARTED', { id, array: element.spec.element?.arrayId ?? '' });
  }

  /** The job as it would be stored. @throws what a submit is refused with */
  function checkedJob(submission: Submission): Job {
    checkEntrypoint(submission.entrypoint);
    const { tenant, resources } = submission;
    const queue = queues.queueForSubmit(submission.queue ?? null, tenant);
    const engine = chooseEngine(submission, queue, { defaultEngine, scheduler });
    const abilities = { ...(options.abilities ?? DEFAULT_ABILITIES), engine: engine.abilities };
    checkEnvironmentAtSubmit(submission.door, submission.runtimeEnv, abilities);
    const refusal = scheduler.refusalOf(resources, engine.name) ?? queues.refusalOf(resources, queue, tenant);
    if (refusal !== null) throw droverError('UNSCHEDULABLE', { ...refusal });
    return newJob(submission, { queue, engine }, options.stopGraceMs, now());
  }

  /** The elements of an array that has ended: page by page, since there may be very many. */
  async function deleteElements(arrayId: string): Promise<void> {
    for (let isAll = false; !isAll; ) {
      const ids = await store.listElements(arrayId, PAGE);
      const removals = await Promise.all(ids.map((id) => store.remove(id)));
      const removed = removals.filter((removal) => removal.outcome === 'removed');
      for (const { attemptIds } of removed) options.removeFiles(attemptIds);
      isAll = removed.length < PAGE;
    }
  }

  const pastAttempts = async ({ seq, retry }: Job) => (retry === null ? [] : store.pastAttempts(seq));
  const reading = createSlots(LOG_READS_AT_ONCE);
  const logSource = { attemptsDir: options.attemptsDir, get, pastAttempts, watchers, reading };

  return {
    async submit(submission) {
      await checkDependencies(submission, get);
      const job = await store.insert(checkedJob(submission));
      if (job === null) throw droverError('JOB_EXISTS', { id: submission.id ?? '' });
      return job;
    },

    async submitOnce(submission, key) {
      const job = checkedJob(submission);
      await checkDependencies(submission, get);
      return key === null ? submitById(store, job) : submitByKey(store, job, submission, key);
    },

    async preview(submission) {
      const job = checkedJob(submission);
      await checkDependencies(submission, get);
      const present = submission.id === null ? null : await get(submission.id);
      if (present !== null && !asksForTheSame(present, job)) throw droverError('JOB_EXISTS', { id: job.id });
      return job;
    },

    get,
    list: store.list,

    async stop(id, { graceMs } = {}) {
      const job = await get(id);
      if (job === null) return 'unknown';
      const { stopGraceMs, stopSignal: signal } = job.spec;
      const stop: StopIntention = {
        requestedAtMs: now(),
        reason: STOP_REASON,
        graceMs: graceMs ?? stopGraceMs,
        ...(signal === undefined ? {} : { signal }),
      };
      const transition = await store.apply(id, { type: 'request_stop', atMs: stop.requestedAtMs, stop });
      if (transition === null) return changeWithoutRow(id, 'stop');
      return transition.outcome === 'already_ended' ? 'already_ended' : 'stopping';
    },

    async delete(id) {
      const array = await getRow(id);
      if (array !== null && array.array !== null && isTerminal(array.status)) await deleteElements(array.id);
      const removal = await store.remove(id);
      if (removal.outcome === 'unknown') {
        await changeWithoutRow(id, 'delete');
        return 'unknown';
      }
      if (removal.outcome === 'not_ended') return 'not_ended';
      options.removeFiles(removal.attemptIds);
      return 'deleted';
    },

    pendingReason: scheduler.pendingReason,
    stopTrouble: scheduler.stopTrouble,
    events: store.events,
    allEvents: store.allEvents,
    eventBounds: store.eventBounds,
    watch: (jobId, listener) => (jobId === null ? store.onCommitted(listener) : watchers.watch(jobId, listener)),
    counts: store.counts,
    waitFor: (id, isReached, waitOptions) => waitForJob({ get, watchers }, id, isReached, waitOptions),
    pastAttempts,
    log: (id, attempt) => openJobLog(logSource, id, attempt ?? null),
    similarIds: (id) => store.similarIds(id, SIMILAR_IDS),
  };
}

function newJob(
  submission: Submission,
  { queue, engine }: { queue: Queue; engine: ChosenEngine },
  defaultGraceMs: number,
  submittedAtMs: number,
): Job {
  const { entrypoint, runtimeEnv, metadata, resources, poolLabels, stopGraceMs } = submission;
  const { stopSignal, retryOf, priority, after = [], array, element, schedule, traceParent } = submission;
  return {
    seq: 0,
    id: submission.id ?? generateJobId(submission.door),
    tenant: submission.tenant,
    door: submission.door,
    spec: {
      ...{ entrypoint, runtimeEnv, metadata, resources, poolLabels, stopGraceMs: stopGraceMs ?? defaultGraceMs },
      ...(stopSignal === undefined ? {} : { stopSignal }),
      ...(retryOf === undefined ? {} : { retryOf }),
      queue: queue.name,
      ...engineFields(engine),
      ...withQueueDefaults(submission, queue),
      ...(after.length === 0 ? {} : { after }),
      ...(array === undefined ? {} : { array }),
      ...(element === undefined ? {} : { element }),
      ...(schedule === undefined ? {} : { schedule }),
      ...(priority === undefined ? {} : { priority }),
      ...(traceParent === undefined ? {} : { traceParent }),
    },
    status: 'PENDING',
    revision: 1,
    submittedAtMs,
    attempt: null,
    array: array === undefined ? null : newArrayState(),
    metDependencies: [],
    retry: null,
    stop: null,
    end: null,
    endedAtMs: null,
    logBytes: 0,
  };
}
