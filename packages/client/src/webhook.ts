/** How it stands with the events for a webhook. */
export interface WebhookStanding {
  waiting: number;
  waiting_bytes: number;
  delivered: number;
  /** Given up, or dropped since too many waited or they had become too old. */
  dropped: number;
  /** Since when no message was taken; null where the last one was. */
  failing_since: string | null;
  /** When it is tried again; null where nothing keeps it from being tried. */
  paused_until: string | null;
}

/** An address that hears of jobs' events, field for field as it is on the wire. Times are RFC 3339 texts. */
export interface Webhook {
  id: string;
  url: string;
  /** For people. */
  description: string;
  /** Types of events that it gets, such as `job.ended`; null: all. */
  events: string[] | null;
  tenant: string | null;
  queue: string | null;
  /** Ends in one of these, and nothing but ends; null: whatever the status. */
  statuses: string[] | null;
  /** Every pair must be among the job's metadata. */
  metadata: Record<string, string>;
  /** A webhook that is not gets nothing. */
  enabled: boolean;
  disabled_reason: string | null;
  disabled_at: string | null;
  created_at: string;
  /** Until when the secret before the present one signs as well; null for none. */
  previous_secret_until: string | null;
  deliveries: WebhookStanding;
}

/** A webhook whose secret was made just now: it is shown this once. */
export interface WebhookWithSecret extends Webhook {
  /** `whsec_` and the key in base64. */
  secret: string;
}

/** What can be set about a webhook. What is absent stays as it is; null takes a filter away. */
export interface WebhookSettings {
  url?: string;
  description?: string;
  events?: readonly string[] | null;
  tenant?: string | null;
  queue?: string | null;
  statuses?: readonly string[] | null;
  metadata?: Readonly<Record<string, string>>;
}

export interface WebhookChange extends WebhookSettings {
  enabled?: boolean;
  /** Makes a new secret, which the answer shows. */
  rotate_secret?: boolean;
  /** For how long the secret before signs as well; a day where it is absent. */
  previous_secret_seconds?: number;
}

/** One attempt to deliver a message. */
export interface DeliveryAttempt {
  at: string;
  duration_seconds: number;
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Why it failed; null where it succeeded. */
  problem: string | null;
}

/** An event on its way to a webhook. */
export interface WebhookDelivery {
  /** What the receiver recognises it by when it comes again. */
  message_id: string;
  event_id: number;
  /** Such as `job.ended`. */
  type: string;
  job_id: string;
  /** When it happened. */
  at: string;
  attempts: number;
}

export interface WaitingDelivery extends WebhookDelivery {
  /** Null while an earlier event of its job waits. */
  next_attempt_at: string | null;
  last_attempt: DeliveryAttempt | null;
}

export interface FinishedDelivery extends WebhookDelivery {
  /** False where it was given up. */
  delivered: boolean;
  last_attempt: DeliveryAttempt;
}

export interface WebhookDeliveries {
  /** Oldest first. */
  waiting: WaitingDelivery[];
  /** The last ones first. */
  finished: FinishedDelivery[];
}

/** What a test was answered with. */
export interface WebhookTest extends DeliveryAttempt {
  delivered: boolean;
  /** The beginning of the answer's body. */
  answer: string;
}
