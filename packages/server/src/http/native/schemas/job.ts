import { z } from 'zod';
import { JOB_END_CODES } from '../../../job/end.ts';
import { DOORS } from '../../../job/job.ts';
import { PENDING_REASON_CODES } from '../../../job/pending-reason.ts';
import { jsonObject } from './json-maps.ts';
import { priority } from './queue.ts';
import { retryPolicyInForce } from './retry-policy.ts';
import { jobId, jobStatus, seconds, texts, time, whole } from './values.ts';

const resources = z
  .strictObject({
    cpus: z.number().describe('Cores, fractions allowed.'),
    gpus: z.number().describe('Devices; fractions below 1 are a share of one.'),
    memory_bytes: whole,
    custom: z.record(z.string(), z.number()).describe('Amounts by the names that the operator has configured.'),
  })
  .meta({ id: 'JobResources', description: 'What a job asks for; 0 is none.' });

const lack = z
  .strictObject({
    resource: z.string().describe('As a submit names it; `running` for places for drivers.'),
    needed: z.number(),
    total: z.number(),
    in_use: z.number(),
  })
  .meta({ id: 'Lack', description: 'Of one resource, in its own unit.' });

const pendingReason = z
  .strictObject({
    code: z.enum(PENDING_REASON_CODES),
    message: z.string().describe('In words, with numbers.'),
    jobs_ahead: whole
      .nullable()
      .describe('In the same queue and tenant; null where the job does not wait for its turn.'),
    lack: lack.nullable().describe('What there is too little of; null where it is nothing that can be counted.'),
  })
  .meta({ id: 'PendingReason', description: 'Why a job waits, as it was when the request was answered.' });

export const attempt = z
  .strictObject({
    id: z.string().describe('Never used again.'),
    number: z.int().min(1).describe('1 for the first.'),
    engine: z.string(),
    node_id: z.string().nullable().describe('Null while the engine has not said where the driver runs.'),
    node_address: z.string().nullable(),
    driver_pid: whole.nullable().describe('Null until the driver exists.'),
    gpus: z.array(z.string()).describe("Devices that are the attempt's own."),
  })
  .meta({ id: 'JobAttempt', description: 'The present or last try at running the job.' });

const stop = z
  .strictObject({
    requested_at: time,
    reason: z.string(),
    trouble: z
      .string()
      .nullable()
      .describe(
        'Why it cannot be carried out for now, in words, as it was when the request was answered; null where it is under way.',
      ),
  })
  .meta({ id: 'JobStop', description: 'That the job is to be stopped: its end will be STOPPED.' });

export const end = z
  .strictObject({
    code: z.enum(JOB_END_CODES).describe('Stable: match on it.'),
    message: z.string().describe('In words; empty for a job that succeeded.'),
    exit_code: z
      .int()
      .min(0)
      .max(255)
      .nullable()
      .describe('As the shell reports it; null where no driver was started, or where its end is unknown.'),
  })
  .meta({ id: 'JobEnd', description: 'How a job ended.' });

const array = z
  .strictObject({
    size: whole.describe('Elements in all.'),
    max_running: whole.nullable().describe('How many run at once; null: as many as there is room for.'),
    waiting: whole.describe('Elements that have not started. Those of an array that was stopped never will.'),
    running: whole,
    succeeded: whole,
    failed: whole,
    stopped: whole,
  })
  .meta({ id: 'JobArray', description: 'How far an array has come.' });

const element = z
  .strictObject({ array: jobId.describe('Id of the array.'), index: whole, size: whole })
  .meta({ id: 'ArrayElement', description: 'Which element of which array a job is.' });

const schedule = z
  .strictObject({
    name: z.string(),
    scheduled_at: time
      .nullable()
      .describe('The moment that the job is for, however late it was submitted; null where it was asked for by hand.'),
  })
  .meta({ id: 'ScheduledBy', description: 'Which schedule has made a job.' });

const retries = z
  .strictObject({
    made: whole,
    next_at: time.nullable().describe('When the next attempt may begin; null unless the job waits for it.'),
    last_end: end.nullable().describe('Of the last attempt that was followed by a retry.'),
  })
  .meta({ id: 'JobRetries', description: 'What became of the retries that the job may make.' });

/** A job as the native API shows it. */
export const job = z
  .strictObject({
    id: jobId,
    tenant: z.string(),
    door: z.enum(DOORS).describe('The API that the job came through.'),
    status: jobStatus,
    entrypoint: z.string().describe('A shell command line.'),
    runtime_env: jsonObject.describe('As it was submitted.'),
    metadata: texts,
    resources,
    queue: z.string(),
    engine: z.string().describe('What runs its drivers.'),
    engine_options: jsonObject.describe('What it asks of that engine alone.'),
    priority,
    labels: z.array(z.string()).describe('Resource pool labels, in order of preference.'),
    max_retries: whole.describe('0: never tried again.'),
    retry_policy: retryPolicyInForce.nullable().describe('Null where the job is never tried again.'),
    time_limit_seconds: seconds.nullable().describe('Longest run of each attempt; null: none.'),
    queue_time_limit_seconds: seconds
      .nullable()
      .describe('Longest time from the submit to the first start; null: none.'),
    ttl_seconds_after_finished: seconds
      .nullable()
      .describe("Time from the job's end to its removal; null: the server's retention alone decides."),
    after: z.array(jobId).describe('Jobs that must have started before this one does.'),
    after_any: z.array(jobId).describe('Jobs that must have ended, in whatever way.'),
    after_success: z.array(jobId).describe('Jobs that must have succeeded.'),
    array: array.nullable().describe('Null for a job that is no array.'),
    element: element.nullable().describe('Null for a job that is no element of an array.'),
    schedule: schedule.nullable().describe('Null for a job that no schedule has made.'),
    retry_of: jobId.nullable().describe('The job that this one repeats.'),
    submitted_at: time,
    started_at: time.nullable().describe('When the driver of the last attempt started.'),
    ended_at: time.nullable(),
    pending_reason: pendingReason.nullable().describe('Null unless the job is PENDING.'),
    attempt: attempt
      .nullable()
      .describe('Null until the job is handed over, while it waits to be tried again, and for an array.'),
    retries,
    stop: stop.nullable(),
    end: end.nullable().describe('Null until the job has ended.'),
    revision: z.int().min(1).describe('Grows with every change of the job.'),
  })
  .meta({ id: 'Job' });

/** What a submit would store. */
export const dryRun = z
  .strictObject({
    dry_run: z.literal(true),
    job: job
      .extend({ id: jobId.nullable().describe('Null unless the submit names one.') })
      .meta({ id: 'JobPreview', description: 'The job that a submit would store now.' }),
  })
  .meta({ id: 'DryRun' });
