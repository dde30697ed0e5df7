import type { Registry } from 'prom-client';
import type { JobStore } from '../store/store.ts';
import { addReadGauge, single } from './read-metrics.ts';

/** What the store keeps, from the totals in its transactions: no scan, however many jobs there are. */
export function addStoredJobs(registry: Registry, store: Pick<JobStore, 'counts' | 'storage'>): void {
  addReadGauge(registry, {
    name: 'drover_jobs',
    help: 'Jobs in the store by status',
    labelNames: ['status'],
    async read() {
      return Object.entries(await store.counts()).map(([status, value]) => ({ labels: { status }, value }));
    },
  });
  addReadGauge(registry, {
    name: 'drover_job_files_bytes',
    help: 'Disk space of the logs and unpacked archives of ended jobs, as retention counts it',
    read: async () => single((await store.storage()).logBytes),
  });
}
