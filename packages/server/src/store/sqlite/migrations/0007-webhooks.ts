/**
 * Webhooks, with their settings as JSON of Drover's own writing, and the events that are still to be delivered to them. Notices outlive their
 * job and its events, so there are no foreign keys.
 */
export const CREATE_WEBHOOKS = `
CREATE TABLE webhooks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  -- Null for one that was removed, while what belonged to it is being removed too.
  settings TEXT,
  waiting INTEGER NOT NULL DEFAULT 0,
  waiting_bytes INTEGER NOT NULL DEFAULT 0,
  delivered INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  webhook_seq INTEGER NOT NULL,
  job_seq INTEGER NOT NULL,
  job_id TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  -- Null while an earlier event of the job waits for the webhook.
  due_at_ms INTEGER,
  last_attempt TEXT,
  body_bytes INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_by_webhook ON outbox (webhook_seq);
CREATE INDEX outbox_by_job ON outbox (webhook_seq, job_seq);
CREATE INDEX outbox_by_due ON outbox (webhook_seq, due_at_ms) WHERE due_at_ms IS NOT NULL;

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  webhook_seq INTEGER NOT NULL,
  job_id TEXT NOT NULL,
  event_id INTEGER NOT NULL,
  type TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  is_delivered INTEGER NOT NULL,
  last_attempt TEXT NOT NULL
) STRICT;

CREATE INDEX deliveries_by_webhook ON deliveries (webhook_seq);
`;
