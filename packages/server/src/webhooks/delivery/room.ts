import type { Webhook } from '../../webhook/webhook.ts';
import type { ReceiverHealth } from './receiver-health.ts';

/** One webhook, as messages are sent to it. */
export interface Receiver {
  webhook: Webhook;
  health: ReceiverHealth;
  /** Jobs of which an event is under way. */
  busyJobs: Set<number>;
  isLooking: boolean;
  isLookWanted: boolean;
  /** When it is looked at next, whatever happens until then; null for never. */
  alarmAtMs: number | null;
}

/** Messages that are under way to one receiver. */
const MAX_OF_RECEIVER = 16;

/** To all of them; one beyond it goes to each receiver that would have none, so that slow ones do not keep the others from theirs. */
const MAX_OF_ALL = 64;

/** All of them are held in memory. */
const MAX_BYTES = 32 * 1024 ** 2;

/** Messages that are under way, to all receivers. */
export interface Traffic {
  messages: number;
  bytes: number;
}

/** How many more messages may be sent to a receiver now. */
export function roomFor({ health, busyJobs }: Pick<Receiver, 'health' | 'busyJobs'>, traffic: Traffic): number {
  if (traffic.bytes >= MAX_BYTES) return 0;
  const most = health.failures > 0 ? 1 : MAX_OF_RECEIVER;
  const free = Math.min(most - busyJobs.size, MAX_OF_ALL - traffic.messages);
  return busyJobs.size === 0 ? Math.max(1, free) : Math.max(0, free);
}

/** Whether there is no room for reasons that are none of the receiver's. */
export function isCrowded({ messages, bytes }: Traffic): boolean {
  return messages >= MAX_OF_ALL || bytes >= MAX_BYTES;
}
