import type { ArrayElement, JobArray } from '@drover/client/array';
import type { Amounts, Cluster, ClusterNode, Engine, NodeAmounts } from '@drover/client/cluster';
import type * as client from '@drover/client/job';
import type { Queue } from '@drover/client/queue';
import type { RetryPolicy, RetryRule } from '@drover/client/retry';
import type { Schedule, ScheduleSettings } from '@drover/client/schedule';
import type { Tenant } from '@drover/client/tenant';
import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { attemptList } from '../../../src/http/native/schemas/attempt-list.ts';
import type { bulkAnswer } from '../../../src/http/native/schemas/bulk-answer.ts';
import type { cluster, engine } from '../../../src/http/native/schemas/cluster.ts';
import type { job } from '../../../src/http/native/schemas/job.ts';
import type { jobCounts } from '../../../src/http/native/schemas/job-counts.ts';
import type { jobEvent } from '../../../src/http/native/schemas/job-event.ts';
import type { jobPage } from '../../../src/http/native/schemas/job-page.ts';
import type { queue } from '../../../src/http/native/schemas/queue-answer.ts';
import type { createSchedule, ScheduleChangeBody } from '../../../src/http/native/schemas/schedule.ts';
import type { schedule } from '../../../src/http/native/schemas/schedule-answer.ts';
import type { serverVersion } from '../../../src/http/native/schemas/server-version.ts';
import type { stopAnswer } from '../../../src/http/native/schemas/stop-answer.ts';
import type { storedPackage } from '../../../src/http/native/schemas/stored-package.ts';
import type { SubmitJobBody } from '../../../src/http/native/schemas/submit-job.ts';
import type { tenant } from '../../../src/http/native/schemas/tenant-answer.ts';

/*
 * The client writes the types down again, since it depends on nothing. The type check (`npm run typecheck`) fails where they are not
 * those of the schemas. Where the client has `string`, a newer server may send what it does not know.
 */

type Job = z.infer<typeof job>;
type ScheduleAnswer = z.infer<typeof schedule>;
type Node = z.infer<typeof cluster>['nodes'][number];

/** Whether the client's type takes every answer, and knows every field of it. */
type SameFields<Answer, OfClient> = Answer extends OfClient
  ? keyof Answer extends keyof OfClient
    ? true
    : `the client does not know ${Exclude<keyof Answer & string, keyof OfClient>}`
  : false;

test('the client has the types of the answers', () => {
  expectTypeOf<SameFields<Job, client.Job>>().toEqualTypeOf<true>();
  expectTypeOf<client.JobStatus>().toEqualTypeOf<Job['status']>();
  expectTypeOf<SameFields<Job['resources'], client.JobResources>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['pending_reason']>, client.PendingReason>>().toEqualTypeOf<true>();
  expectTypeOf<
    SameFields<NonNullable<NonNullable<Job['pending_reason']>['lack']>, NonNullable<client.PendingReason['lack']>>
  >().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['attempt']>, client.JobAttempt>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['stop']>, NonNullable<client.Job['stop']>>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['end']>, client.JobEnd>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['retry_policy']>, RetryPolicy>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['retry_policy']>['rules'][number], RetryRule>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<Job['retries'], client.JobRetries>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['array']>, JobArray>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['element']>, ArrayElement>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof attemptList>['attempts'][number], client.JobTry>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof jobPage>, client.JobPage>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof jobEvent>, client.JobEvent>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof stopAnswer>, client.StopAnswer>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof bulkAnswer>, client.BulkAnswer>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof jobCounts>['jobs'], client.JobCounts>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof queue>, Queue>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<ScheduleAnswer, Schedule>>().toEqualTypeOf<true>();
  expectTypeOf<
    SameFields<NonNullable<ScheduleAnswer['last_occurrence']>, NonNullable<Schedule['last_occurrence']>>
  >().toEqualTypeOf<true>();
  expectTypeOf<
    SameFields<NonNullable<ScheduleAnswer['last_error']>, NonNullable<Schedule['last_error']>>
  >().toEqualTypeOf<true>();
  expectTypeOf<SameFields<ScheduleAnswer['occurrences'], Schedule['occurrences']>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<NonNullable<Job['schedule']>, NonNullable<client.Job['schedule']>>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof tenant>, Tenant>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof storedPackage>, client.StoredPackage>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof serverVersion>, client.ServerVersion>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof cluster>, Cluster>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<Node, ClusterNode>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof engine>, Engine>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<z.infer<typeof engine>['capacity'], Amounts>>().toEqualTypeOf<true>();
  expectTypeOf<SameFields<Node['capacity'], NodeAmounts>>().toEqualTypeOf<true>();
});

test('the client sends what a submit takes', () => {
  // Rules of retries name codes as texts: a newer server may know more of them.
  expectTypeOf<Omit<client.JobSubmission, 'retry_policy'>>().toExtend<Omit<SubmitJobBody, 'retry_policy'>>();
  expectTypeOf<keyof NonNullable<client.JobSubmission['retry_policy']>>().toEqualTypeOf<
    keyof NonNullable<SubmitJobBody['retry_policy']>
  >();
  // A dry run has an answer of its own, and no function in the client.
  expectTypeOf<keyof client.JobSubmission>().toEqualTypeOf<Exclude<keyof SubmitJobBody, 'dry_run'>>();
});

test('the client sends what a schedule takes', () => {
  expectTypeOf<Omit<ScheduleSettings, 'job'>>().toExtend<Omit<z.input<typeof createSchedule>, 'name' | 'job'>>();
  expectTypeOf<keyof ScheduleSettings>().toEqualTypeOf<Exclude<keyof z.input<typeof createSchedule>, 'name'>>();
  expectTypeOf<Omit<Partial<ScheduleSettings>, 'job'>>().toExtend<Omit<ScheduleChangeBody, 'job'>>();
  expectTypeOf<keyof ScheduleSettings['job']>().toEqualTypeOf<keyof z.input<typeof createSchedule>['job']>();
});
