import { z } from 'zod';
import { MAX_ENTRYPOINT_BYTES } from '../../../jobs/check-entrypoint.ts';
import { amountMap, jsonObject, textMap } from './json-maps.ts';
import { priority } from './queue.ts';
import { durationSeconds, maxRetries, retryPolicy, timeLimitSeconds } from './retry-policy.ts';
import { graceSeconds } from './stop-job.ts';

const MAX_ARRAY = 1_000_000;

const jobIds = z.array(z.string().min(1)).max(1_000);

const amount = z.number().min(0);

/** Kept by `readSubmission`, with an error of its own. */
export const JOB_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Body of `POST /api/v1/jobs`. */
export const submitJob = z
  .strictObject({
    id: z.string().optional().meta({ pattern: JOB_ID.source, description: 'Absent: the server makes one.' }),
    entrypoint: z
      .string()
      .min(1, 'expected a command')
      .refine((text) => !text.includes('\0'), 'expected a string without NUL characters')
      .meta({
        pattern: '^[^\\u0000]+$',
        maxLength: MAX_ENTRYPOINT_BYTES,
        description: `A shell command line, run by \`/bin/sh -c\`; at most ${MAX_ENTRYPOINT_BYTES} bytes.`,
        examples: ['python3 train.py'],
      }),
    runtime_env: jsonObject
      .optional()
      .describe(
        '`working_dir`, `py_modules`, `env_vars`, `pip`, `uv`, `config`; what is not known or not possible here is refused by name. Without a ' +
          '`working_dir` the driver runs in an empty folder of its own.',
      ),
    metadata: textMap.optional().describe('To find the job by.'),
    resources: z
      .strictObject({
        cpus: amount.optional().describe('Cores, fractions allowed.'),
        gpus: amount.optional().describe('Devices; a fraction below 1 is a share of one.'),
        memory_bytes: z.int().min(0).optional(),
        custom: amountMap.optional().describe('Amounts by the names that the operator has configured.'),
      })
      .optional()
      .describe('What is reserved for the driver. A job that asks for more than the machine has in all is refused.'),
    queue: z.string().optional().describe('Absent: the default queue of the tenant.'),
    engine: z
      .string()
      .min(1)
      .optional()
      .describe("What runs the driver. Absent: what the queue says, or the server's default."),
    engine_options: jsonObject
      .optional()
      .describe('What the job asks of its engine alone, such as an image or a partition.'),
    priority: priority.optional().describe('Higher ones come first within queue and tenant. Absent: 0.'),
    max_retries: maxRetries.optional().describe('Absent: what the queue says, or 0.'),
    retry_policy: retryPolicy.optional(),
    time_limit_seconds: timeLimitSeconds
      .optional()
      .describe("From the driver's start, for each attempt. Absent: what the queue says, or none."),
    queue_time_limit_seconds: timeLimitSeconds
      .optional()
      .describe('From the submit to the first start. Absent: what the queue says, or none.'),
    array: z
      .strictObject({
        size: z.int().min(1).max(MAX_ARRAY),
        max_running: z.int().min(1).optional().describe('How many run at once; absent: as many as there is room for.'),
      })
      .optional()
      .describe('One submit for many jobs, alike but for `DROVER_ARRAY_INDEX`.'),
    after: jobIds.optional().describe('Jobs that must have started before this one does.'),
    after_any: jobIds.optional().describe('Jobs that must have ended, in whatever way.'),
    after_success: jobIds.optional().describe('Jobs that must have succeeded.'),
    ttl_seconds_after_finished: durationSeconds
      .optional()
      .describe("From the job's end to its removal. Absent: what the queue says, or the server's retention alone."),
    labels: z.array(z.string().min(1)).max(32).optional().describe('Resource pool labels, in order of preference.'),
    stop_grace_seconds: graceSeconds
      .optional()
      .describe(
        "Between SIGTERM and SIGKILL when the job is stopped or leaves processes behind. Absent: the server's default.",
      ),
    dry_run: z.boolean().optional().describe('Checks everything and stores nothing.'),
  })
  .meta({ id: 'SubmitRequest' });

export type SubmitJobBody = z.infer<typeof submitJob>;
