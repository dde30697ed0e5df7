import { z } from 'zod';
import { jsonObject } from './json-maps.ts';
import { durationSeconds, maxRetries, timeLimitSeconds } from './retry-policy.ts';

const MAX_PRIORITY = 1_000;

/** Of a job or a queue: higher ones come first. */
export const priority = z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY).describe('Higher ones come first.');

export const queueName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'expected 1 to 63 of a-z, 0-9, dots, _ and -, beginning with a letter or digit',
  );

const amount = z.number().min(0).nullable().optional();

/** What running jobs may hold together; null: no limit, absent: as it was. */
export const holdingLimits = z
  .strictObject({
    running: z.int().min(0).nullable().optional(),
    cpus: amount,
    gpus: amount,
    memory_bytes: z.int().min(0).nullable().optional(),
  })
  .meta({
    id: 'LimitsRequest',
    description: 'What running jobs may hold together; null: no limit, absent: as it was.',
  });

const defaults = {
  max_retries: maxRetries.nullable(),
  time_limit_seconds: timeLimitSeconds.nullable(),
  queue_time_limit_seconds: timeLimitSeconds.nullable(),
  setup_time_limit_seconds: timeLimitSeconds.nullable(),
  ttl_seconds_after_finished: durationSeconds.nullable(),
};

/** What jobs of the queue get that do not say it themselves; null: nothing, absent: as it was. */
const jobDefaults = z.strictObject(defaults).partial().meta({
  id: 'JobDefaultsRequest',
  description: 'What jobs of the queue get that do not say it themselves; null: nothing, absent: as it was.',
});

/** The same in an answer: whole. */
export const jobDefaultsInForce = z
  .strictObject(defaults)
  .meta({ id: 'JobDefaults', description: 'What jobs of the queue get that do not say it themselves; null: nothing.' });

const rules = {
  priority: priority.optional(),
  limits: holdingLimits.optional(),
  defaults: jobDefaults.optional(),
  engine: z
    .string()
    .min(1)
    .nullable()
    .optional()
    .describe("What runs jobs that name no engine; null: the server's default."),
  engine_options: jsonObject
    .optional()
    .describe('What they ask of it where they do not say it themselves; the whole of it, as it is to be.'),
  max_time_limit_seconds: timeLimitSeconds
    .nullable()
    .optional()
    .describe('No job of the queue may ask for a longer run, or for none at all; null: no maximum.'),
};

/** Body of `POST /api/v1/queues`. */
export const createQueue = z.strictObject({ name: queueName, ...rules }).meta({ id: 'QueueRequest' });

/** Body of `PATCH /api/v1/queues/{name}`: what is absent stays as it was. */
export const changeQueue = z.strictObject(rules).meta({ id: 'QueueChange' });

export type QueueRules = z.infer<typeof changeQueue>;
export type JobDefaultsBody = z.infer<typeof jobDefaults>;
export type HoldingLimitsBody = z.infer<typeof holdingLimits>;
