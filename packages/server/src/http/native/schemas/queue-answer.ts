import { z } from 'zod';
import { QUEUE_STATES } from '../../../queue/queue.ts';
import { jsonObject } from './json-maps.ts';
import { jobDefaultsInForce, priority, queueName } from './queue.ts';
import { seconds, whole } from './values.ts';

const limit = z.number().nullable();

/** What running jobs may hold together. */
export const limits = z
  .strictObject({ running: whole.nullable(), cpus: limit, gpus: limit, memory_bytes: whole.nullable() })
  .meta({ id: 'HoldingLimits', description: 'What running jobs may hold together; null: no limit.' });

export const use = z
  .strictObject({ waiting: whole, running: whole, cpus: z.number(), gpus: z.number(), memory_bytes: whole })
  .meta({ id: 'HoldingUse', description: 'How many jobs wait and run, and what the running ones hold.' });

export const queue = z
  .strictObject({
    name: queueName,
    priority,
    state: z
      .enum(QUEUE_STATES)
      .describe('`paused` takes jobs and starts none; `draining` refuses submits and starts what waits already.'),
    limits,
    defaults: jobDefaultsInForce,
    engine: z.string().nullable().describe("What runs jobs that name no engine; null: the server's default."),
    engine_options: jsonObject.describe('What they ask of it where they do not say it themselves.'),
    max_time_limit_seconds: seconds
      .nullable()
      .describe('No job of the queue may ask for a longer run, or for none at all; null: no maximum.'),
    use,
  })
  .meta({ id: 'Queue' });

export const queueList = z.strictObject({ queues: z.array(queue) }).meta({ id: 'QueueList' });
