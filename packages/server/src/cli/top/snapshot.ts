import type { DroverClient } from '@drover/client';
import type { Job, JobCounts } from '@drover/client/job';
import type { Queue } from '@drover/client/queue';
import type { Tenant } from '@drover/client/tenant';

/** What `drover top` shows, as `--json` writes it: the API's own objects. */
export interface Snapshot {
  /** RFC 3339, by the clock of this machine. */
  taken_at: string;
  /** How many jobs there are of each status. */
  jobs: JobCounts;
  queues: Queue[];
  tenants: Tenant[];
  /** The newest of them, {@link JOBS_AT_MOST}. */
  running: Job[];
  /** Likewise. */
  waiting: Job[];
}

/** Of those that run, and of those that wait: more than a terminal shows, and nothing that a server feels. */
export const JOBS_AT_MOST = 100;

/** Always five requests, whatever there is on the server. */
export async function takeSnapshot(client: DroverClient, signal?: AbortSignal): Promise<Snapshot> {
  const options = { signal };
  const [jobs, queues, tenants, running, waiting] = await Promise.all([
    client.counts(options),
    client.queues.list(options),
    client.tenants.list(options),
    client.list({ status: 'RUNNING', limit: JOBS_AT_MOST }, options),
    client.list({ status: 'PENDING', limit: JOBS_AT_MOST }, options),
  ]);
  const takenAt = new Date().toISOString();
  return { taken_at: takenAt, jobs, queues, tenants, running: running.jobs, waiting: waiting.jobs };
}
