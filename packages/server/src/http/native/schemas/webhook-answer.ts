import { z } from 'zod';
import type { JobEventType } from '../../../job/event.ts';
import { jobId, seconds, texts, time, whole } from './values.ts';
import { MESSAGE_TYPES } from './webhook.ts';

const messageType = z.custom<`job.${JobEventType}`>().meta({ type: 'string', enum: [...MESSAGE_TYPES] });

const tally = z
  .strictObject({
    waiting: whole,
    waiting_bytes: whole,
    delivered: whole,
    dropped: whole.describe('Given up, or dropped since too many waited or they had become too old.'),
    failing_since: time.nullable().describe('Null where the last message was taken.'),
    paused_until: time.nullable().describe('Null where nothing keeps it from being tried.'),
  })
  .meta({ id: 'WebhookTally', description: 'What has become of the events for it.' });

/** A webhook, never with its secret. */
export const webhook = z
  .strictObject({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    events: z.array(messageType).nullable().describe('Null: all.'),
    tenant: z.string().nullable(),
    queue: z.string().nullable(),
    statuses: z
      .array(z.enum(['SUCCEEDED', 'FAILED', 'STOPPED']))
      .nullable()
      .describe('Ends in one of these, and nothing but ends; null: whatever the status.'),
    metadata: texts.describe("Every pair must be among the job's metadata."),
    enabled: z.boolean(),
    disabled_reason: z.string().nullable(),
    disabled_at: time.nullable(),
    created_at: time,
    previous_secret_until: time.nullable().describe('Until then the secret before signs as well.'),
    deliveries: tally,
  })
  .meta({ id: 'Webhook', description: "An address that hears of jobs' events." });

/** To who has made the secret. */
export const webhookWithSecret = webhook
  .extend({ secret: z.string().describe('What messages are signed with; it is never shown again.') })
  .meta({ id: 'WebhookWithSecret' });

export const webhookList = z.strictObject({ webhooks: z.array(webhook) }).meta({ id: 'WebhookList' });

const tried = {
  at: time,
  duration_seconds: seconds,
  status: whole.nullable().describe('Of the answer; null where there was none.'),
  problem: z.string().nullable().describe('Why it failed; null where it succeeded.'),
};

export const deliveryAttempt = z.strictObject(tried).meta({ id: 'DeliveryAttempt' });

const notice = {
  message_id: z.string().describe('The same each time that it is sent.'),
  event_id: whole,
  type: messageType,
  job_id: jobId,
  at: time,
  attempts: whole,
};

export const waitingDelivery = z
  .strictObject({
    ...notice,
    next_attempt_at: time.nullable().describe('Null while an earlier event of its job waits.'),
    last_attempt: deliveryAttempt.nullable(),
  })
  .meta({ id: 'WaitingDelivery' });

export const finishedDelivery = z
  .strictObject({
    ...notice,
    delivered: z.boolean().describe('False where it was given up.'),
    last_attempt: deliveryAttempt,
  })
  .meta({ id: 'FinishedDelivery' });

export const deliveryList = z
  .strictObject({
    waiting: z.array(waitingDelivery).describe('Oldest first.'),
    finished: z.array(finishedDelivery).describe('Delivered or given up, the last first.'),
  })
  .meta({ id: 'DeliveryList' });

export const webhookTest = z
  .strictObject({
    delivered: z.boolean(),
    ...tried,
    answer: z.string().describe('The beginning of what was answered.'),
  })
  .meta({ id: 'WebhookTest' });
