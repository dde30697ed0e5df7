import type { JobEvent } from '../../job/event.ts';
import type { Job } from '../../job/job.ts';
import { eventResource, jobResource, timeText } from './job-resource.ts';

/** What webhooks are sent of an event. @param job as the event has left it; why it waits is not computed then, and null */
export function webhookBody(event: JobEvent, job: Job): string {
  return JSON.stringify({
    type: messageType(event.type),
    timestamp: timeText(event.atMs),
    data: { event: eventResource(event), job: jobResource(job, null) },
  });
}

/** What a test sends. */
export function pingBody(webhookId: string, atMs: number): string {
  return JSON.stringify({ type: 'ping', timestamp: timeText(atMs), data: { webhook_id: webhookId } });
}

/** The name of an event as messages carry it. */
export function messageType(type: JobEvent['type']): `job.${JobEvent['type']}` {
  return `job.${type}`;
}
