import type { Registry } from 'prom-client';
import type { EnvironmentPreparer } from '../environment/environment.ts';
import type { JobService } from '../jobs/service.ts';
import type { QueueService } from '../queues/queue-service.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { ScheduleService } from '../schedules/schedule-service.ts';
import type { CommitReport, JobStore } from '../store/store.ts';
import type { Verdict } from '../webhooks/delivery/decide.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import { addBuildInfo } from './build-info.ts';
import { createPreparationTimes } from './environment-times.ts';
import { startEventLoopLag } from './event-loop.ts';
import { type Exposition, type ExpositionFormat, exposeMetrics } from './exposition.ts';
import { createRequestMeter, type RequestMeter } from './http-requests.ts';
import { createJobCounts } from './job-counts.ts';
import { createJobTimes } from './job-times.ts';
import { createFollowerCount } from './log-followers.ts';
import { addNodes } from './nodes.ts';
import { addProcess } from './process.ts';
import { addSchedules } from './schedules.ts';
import { shareLook } from './share-look.ts';
import { createCommitTimes } from './store-commits.ts';
import { addStoredJobs } from './stored-jobs.ts';
import { addWaitingAndRunning } from './waiting-and-running.ts';
import { addWebhooks, createDeliveryCount } from './webhooks.ts';

/** What the metrics are read from. */
export interface MetricSources {
  store: Pick<JobStore, 'counts' | 'storage' | 'onCommitted' | 'webhooks'>;
  scheduler: Pick<Scheduler, 'cluster'>;
  queues: Pick<QueueService, 'queues' | 'queueUse' | 'tenants' | 'tenantUse'>;
  webhooks: Pick<WebhookService, 'webhooks'>;
  schedules: Pick<ScheduleService, 'schedules' | 'next'>;
  now: () => number;
}

/** The metrics of one server (`docs/metrics.md`). What they cannot read, they are told by these. */
export interface Metrics {
  /** Hears of every group of writes. */
  onGroup(report: CommitReport): void;
  /** Answers a preparer in the place of the given one, which is measured. */
  timePreparations(preparer: EnvironmentPreparer): EnvironmentPreparer;
  /** Answers a service in the place of the given one, whose followers are counted. */
  countFollowers(service: JobService): JobService;
  /** Hears of every attempt to deliver an event. */
  onDelivery(verdict: Verdict['type']): void;
  requests: RequestMeter;
  /** Counts and measures from now on; answers how to end that. To be called once, before the first change of a job. */
  watch(sources: MetricSources): () => void;
  expose(format: ExpositionFormat): Promise<Exposition>;
}

/** @param registry gets the metrics; nobody else's are in it */
export function createMetrics(registry: Registry, { version }: { version: string }): Metrics {
  addBuildInfo(registry, version);
  addProcess(registry);
  return {
    onGroup: createCommitTimes(registry),
    timePreparations: createPreparationTimes(registry),
    countFollowers: createFollowerCount(registry),
    onDelivery: createDeliveryCount(registry),
    requests: createRequestMeter(registry),

    watch({ store, scheduler, queues, webhooks, schedules, now }) {
      addStoredJobs(registry, store);
      const looked = { cluster: shareLook(scheduler.cluster) };
      addWaitingAndRunning(registry, queues, looked);
      addNodes(registry, looked);
      addWebhooks(registry, webhooks, store.webhooks, now);
      addSchedules(registry, schedules);
      const endings = [
        store.onCommitted(createJobCounts(registry)),
        store.onCommitted(createJobTimes(registry)),
        startEventLoopLag(registry),
      ];
      return () => {
        for (const end of endings) end();
      };
    },

    expose: (format) => exposeMetrics(registry, format),
  };
}
