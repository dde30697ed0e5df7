import type { JobEventType } from '../job/event.ts';
import type { TerminalStatus } from '../job/status.ts';

/** Which events a webhook gets; everything that is given must hold. */
export interface EventFilter {
  /** Any of these; null: all. */
  types: readonly JobEventType[] | null;
  tenant: string | null;
  queue: string | null;
  /** Ends in one of these, and nothing but ends; null: whatever the status. */
  endStatuses: readonly TerminalStatus[] | null;
  /** Every pair must be among the job's metadata. */
  metadata: Readonly<Record<string, string>>;
}

/** An address that hears of jobs' events, as it is stored. */
export interface Webhook {
  /** Never used again after it was deleted. */
  id: string;
  url: string;
  /** For people. */
  description: string;
  filter: EventFilter;
  secrets: SigningSecrets;
  /** Null while it is in use. A disabled one gets nothing: no events are put aside for it, and what waits stays until it is too old. */
  disabled: { reason: string; atMs: number } | null;
  createdAtMs: number;
}

/** What messages are signed with. */
export interface SigningSecrets {
  /** `whsec_` and the key in base64. */
  current: string;
  /** Signs as well until then, so that receivers can be changed one after another. Null for none. */
  previous: { secret: string; untilMs: number } | null;
}

export const NO_FILTER: EventFilter = { types: null, tenant: null, queue: null, endStatuses: null, metadata: {} };
