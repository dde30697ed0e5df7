import type { CallOptions } from './call-options.ts';
import type { Cluster } from './cluster.ts';
import { type FollowEventsOptions, followEvents } from './follow-events.ts';
import type {
  BulkAnswer,
  Job,
  JobCounts,
  JobEvent,
  JobPage,
  JobSubmission,
  JobTry,
  ServerVersion,
  StopAnswer,
  StoredPackage,
} from './job.ts';
import { type BulkFilter, type BulkOptions, changeMany } from './job-bulk.ts';
import { fetchJobPage, iterateJobs, type JobListQuery } from './job-list.ts';
import { type LogEnd, type LogOptions, streamLog } from './job-logs.ts';
import { jobPath } from './job-path.ts';
import { type WaitOptions, waitForEnd } from './job-wait.ts';
import { fetchPackage, type PackageBytes, sendPackage } from './packages.ts';
import {
  parseAttempts,
  parseCluster,
  parseCounts,
  parseEvents,
  parseJob,
  parseStopAnswer,
  parseVersion,
} from './parse-answer.ts';
import { createQueueCalls, type QueueCalls } from './queues.ts';
import { createScheduleCalls, type ScheduleCalls } from './schedules.ts';
import { createTenantCalls, type TenantCalls } from './tenants.ts';
import { type Connection, createTransport, type TransportOptions } from './transport.ts';
import { createWebhookCalls, type WebhookCalls } from './webhooks.ts';

/**
 * Drover's native API. Every call rejects with `DroverApiError` where the server says no, with `DroverUnreachableError`
 * where none answers (both from `@drover/client/errors`), and with the signal's reason where it was aborted.
 * GETs that find no server, or one that restarts, are repeated for a short while; nothing else ever is.
 */
export interface DroverClient {
  version(options?: CallOptions): Promise<ServerVersion>;

  /** The nodes, what they have and what of it is in use. */
  cluster(options?: CallOptions): Promise<Cluster>;

  /** Resolves when the job is on the server's disk. */
  submit(submission: JobSubmission, options?: CallOptions & { tenant?: string | undefined }): Promise<Job>;

  /** One page, newest first. */
  list(query?: JobListQuery, options?: CallOptions): Promise<JobPage>;

  /** All jobs of a list, page after page; `limit` is the size of a page. */
  listAll(query?: JobListQuery, options?: CallOptions): AsyncGenerator<Job, void, undefined>;

  /** How many jobs there are of each status, over all tenants. */
  counts(options?: CallOptions): Promise<JobCounts>;

  get(id: string, options?: CallOptions): Promise<Job>;

  /** Resolves with the job when it has ended, or as it is at the timeout. Survives a restart of the server. */
  wait(id: string, options?: WaitOptions): Promise<Job>;

  /** Asks for SIGTERM, and SIGKILL after `graceMs` (default: the job's own). */
  stop(id: string, options?: CallOptions & { graceMs?: number | undefined }): Promise<StopAnswer>;

  /** Submits a copy of a job that has ended, with an id of its own. */
  retry(id: string, options?: CallOptions): Promise<Job>;

  /** Removes a job that has ended, with its log. */
  delete(id: string, options?: CallOptions): Promise<void>;

  /**
   * The same for every job that the filter matches. Without `status` a stop means jobs that have not ended, a delete those that have, a
   * retry those that failed.
   */
  stopMany(filter: BulkFilter, options?: BulkOptions & { graceMs?: number | undefined }): Promise<BulkAnswer>;
  deleteMany(filter: BulkFilter, options?: BulkOptions): Promise<BulkAnswer>;
  retryMany(filter: BulkFilter, options?: BulkOptions): Promise<BulkAnswer>;

  /** Every try at running the job, the first one first. */
  attempts(id: string, options?: CallOptions): Promise<JobTry[]>;

  /** The job's history, oldest first, ids above `after`; absent limits are the server's. */
  events(
    id: string,
    options?: CallOptions & { after?: number | undefined; limit?: number | undefined },
  ): Promise<JobEvent[]>;

  /** The job's events as they happen, until it has ended; with `null` those of all jobs. Survives dropped connections. */
  followEvents(id: string | null, options?: FollowEventsOptions): AsyncGenerator<JobEvent, void, undefined>;

  /** The uploaded archive of that name, which is kept from expiring for a while; null where there is none. */
  findPackage(name: string, options?: CallOptions): Promise<StoredPackage | null>;

  /** Uploads an archive, in place of one of that name. See `@drover/client/upload` for directories. */
  putPackage(name: string, bytes: PackageBytes, options?: CallOptions): Promise<StoredPackage>;

  /**
   * How this client reaches its server, for requests that something else sends; it holds the token. Null where the client was given a
   * `fetch`: all requests go that way then.
   */
  connection(): Connection | null;

  /**
   * The output. With `follow` it goes on to the end of the job, across dropped connections. The value that the generator returns, which
   * `yield*` and `next()` hand out and `for await` drops, says how it ended: with `follow` it has the job with its status and exit code.
   */
  logs(id: string, options?: LogOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, LogEnd, undefined>;

  readonly queues: QueueCalls;
  readonly schedules: ScheduleCalls;
  readonly tenants: TenantCalls;
  readonly webhooks: WebhookCalls;
}

/** @throws {TypeError} where the address is no http(s) URL, or the token cannot stand in a header. */
export function createClient(options: TransportOptions): DroverClient {
  const transport = createTransport(options);

  return {
    version: async ({ signal } = {}) => parseVersion(await transport.sendForJson({ path: '/version', signal })),

    cluster: async ({ signal } = {}) => parseCluster(await transport.sendForJson({ path: '/cluster', signal })),

    submit: async (submission, { signal, tenant } = {}) => {
      const headers: Record<string, string> = tenant === undefined ? {} : { 'x-tenant-id': tenant };
      const request = { method: 'POST', path: '/jobs', body: submission, headers, signal } as const;
      return parseJob(await transport.sendForJson(request));
    },

    list: (query = {}, { signal } = {}) => fetchJobPage(transport, query, signal),

    listAll: (query = {}, { signal } = {}) => iterateJobs(transport, query, signal),

    counts: async ({ signal } = {}) => parseCounts(await transport.sendForJson({ path: '/counts', signal })),

    get: async (id, { signal } = {}) => parseJob(await transport.sendForJson({ path: jobPath(id), signal })),

    wait: (id, waitOptions = {}) => waitForEnd(transport, id, waitOptions),

    stop: async (id, { signal, graceMs } = {}) => {
      const body = graceMs === undefined ? {} : { grace_seconds: graceMs / 1000 };
      const request = { method: 'POST', path: `${jobPath(id)}/stop`, body, signal } as const;
      return parseStopAnswer(await transport.sendForJson(request));
    },

    retry: async (id, { signal } = {}) =>
      parseJob(await transport.sendForJson({ method: 'POST', path: `${jobPath(id)}/retry`, body: {}, signal })),

    delete: async (id, { signal } = {}) => {
      const response = await transport.send({ method: 'DELETE', path: jobPath(id), signal });
      await response.body?.cancel();
    },

    stopMany: (filter, options = {}) => changeMany(transport, 'stop', filter, options),
    deleteMany: (filter, options = {}) => changeMany(transport, 'delete', filter, options),
    retryMany: (filter, options = {}) => changeMany(transport, 'retry', filter, options),

    attempts: async (id, { signal } = {}) =>
      parseAttempts(await transport.sendForJson({ path: `${jobPath(id)}/attempts`, signal })),

    events: async (id, { signal, after, limit } = {}) => {
      const query = new URLSearchParams();
      if (after !== undefined) query.set('after', String(after));
      if (limit !== undefined) query.set('limit', String(limit));
      return parseEvents(await transport.sendForJson({ path: `${jobPath(id)}/events`, query, signal }));
    },

    followEvents: (id, followOptions = {}) => followEvents(transport, id, followOptions),

    findPackage: (name, { signal } = {}) => fetchPackage(transport, name, signal),

    putPackage: (name, bytes, { signal } = {}) => sendPackage(transport, name, bytes, signal),

    connection: () => transport.connection,

    logs: (id, logOptions = {}) => streamLog(transport, id, logOptions),

    queues: createQueueCalls(transport),
    schedules: createScheduleCalls(transport),
    tenants: createTenantCalls(transport),
    webhooks: createWebhookCalls(transport),
  };
}
