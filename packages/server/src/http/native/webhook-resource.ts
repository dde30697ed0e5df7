import type { DeliveryAttempt, FinishedNotice, Notice, WaitingNotice } from '../../webhook/delivery.ts';
import { messageId } from '../../webhook/delivery.ts';
import { type EventFilter, NO_FILTER, type Webhook } from '../../webhook/webhook.ts';
import type { MessageAnswer } from '../../webhooks/send-message.ts';
import type { WebhookDraft, WebhookStanding } from '../../webhooks/webhook-service.ts';
import { timeOrNull, timeText } from './job-resource.ts';
import type { Sent } from './schemas/sent.ts';
import type { WebhookSettings } from './schemas/webhook.ts';
import type {
  deliveryAttempt,
  finishedDelivery,
  waitingDelivery,
  webhook as webhookSchema,
  webhookTest,
} from './schemas/webhook-answer.ts';
import { messageType } from './webhook-body.ts';

export type SentWebhook = Sent<typeof webhookSchema>;

/** A webhook as the native API shows it; its secret is never among it. */
export function webhookResource(
  { id, url, description, filter, secrets, disabled, createdAtMs }: Webhook,
  standing: WebhookStanding,
): SentWebhook {
  const { waiting, waitingBytes, delivered, dropped, failingSinceMs, pausedUntilMs } = standing;
  return {
    ...{ id, url, description },
    events: filter.types?.map(messageType) ?? null,
    tenant: filter.tenant,
    queue: filter.queue,
    statuses: filter.endStatuses,
    metadata: filter.metadata,
    enabled: disabled === null,
    disabled_reason: disabled?.reason ?? null,
    disabled_at: timeOrNull(disabled?.atMs ?? null),
    created_at: timeText(createdAtMs),
    previous_secret_until: timeOrNull(secrets.previous?.untilMs ?? null),
    deliveries: {
      ...{ waiting, waiting_bytes: waitingBytes, delivered, dropped },
      failing_since: timeOrNull(failingSinceMs),
      paused_until: timeOrNull(pausedUntilMs),
    },
  };
}

/** A new webhook as a request wants it. */
export function webhookDraft({ url, ...settings }: WebhookSettings & { url: string }): WebhookDraft {
  return { url, description: settings.description ?? '', filter: withFilter(NO_FILTER, settings) };
}

/** A webhook with what a request has set; what it has not named stays. */
export function withWebhookSettings(webhook: Webhook, settings: WebhookSettings, nowMs: number): Webhook {
  return {
    ...webhook,
    url: settings.url ?? webhook.url,
    description: settings.description ?? webhook.description,
    filter: withFilter(webhook.filter, settings),
    disabled: disabledAs(webhook.disabled, settings.enabled, nowMs),
  };
}

/** What waits for a webhook. */
export function waitingResource(notice: WaitingNotice): Sent<typeof waitingDelivery> {
  const { dueAtMs, lastAttempt } = notice;
  return {
    ...noticeResource(notice),
    next_attempt_at: timeOrNull(dueAtMs),
    last_attempt: lastAttempt === null ? null : attemptResource(lastAttempt),
  };
}

/** What waits no more. */
export function finishedResource(notice: FinishedNotice): Sent<typeof finishedDelivery> {
  return {
    ...noticeResource(notice),
    delivered: notice.isDelivered,
    last_attempt: attemptResource(notice.lastAttempt),
  };
}

/** What a test has come to. */
export function testResource(answer: MessageAnswer): Sent<typeof webhookTest> {
  return { delivered: answer.problem === null, ...attemptResource(answer), answer: answer.excerpt };
}

function noticeResource({ webhookId, eventId, jobId, type, atMs, attempts }: Notice) {
  return {
    message_id: messageId(webhookId, eventId),
    event_id: eventId,
    type: messageType(type),
    job_id: jobId,
    at: timeText(atMs),
    attempts,
  };
}

function attemptResource({ atMs, durationMs, status, problem }: DeliveryAttempt): Sent<typeof deliveryAttempt> {
  return { at: timeText(atMs), duration_seconds: durationMs / 1000, status, problem };
}

function withFilter(filter: EventFilter, { events, tenant, queue, statuses, metadata }: WebhookSettings): EventFilter {
  return {
    types: events === undefined ? filter.types : events,
    tenant: tenant === undefined ? filter.tenant : tenant,
    queue: queue === undefined ? filter.queue : queue,
    endStatuses: statuses === undefined ? filter.endStatuses : statuses,
    metadata: metadata ?? filter.metadata,
  };
}

function disabledAs(before: Webhook['disabled'], isEnabled: boolean | undefined, nowMs: number): Webhook['disabled'] {
  if (isEnabled === undefined) return before;
  return isEnabled ? null : (before ?? { reason: 'disabled by request', atMs: nowMs });
}
