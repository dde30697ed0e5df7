import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryTally } from '../../webhook/delivery.ts';
import type { Webhook } from '../../webhook/webhook.ts';
import { integerAt, textAt } from './column-value.ts';

/** A webhook as notices refer to it. */
export interface KnownWebhook {
  seq: number;
  webhook: Webhook;
}

/** The webhooks, kept in memory as they were last committed. Writes run inside a transaction. */
export interface WebhookTable {
  all(): Webhook[];
  /** Those that are not disabled. */
  recipients(): readonly KnownWebhook[];
  seqOf(webhookId: string): number | null;
  put(webhook: Webhook): KnownWebhook;
  /** Whether there was one; its row stays for {@link WebhookTable.removed}. */
  remove(webhookId: string): boolean;
  /** After their commit. */
  remember(known: KnownWebhook): void;
  forget(webhookId: string): void;

  tally(seq: number): DeliveryTally;
  /** Answers the tally with the step added to it. */
  addToTally(seq: number, step: DeliveryTally): DeliveryTally;

  /** The row of some webhook that was removed; null for none. */
  removed(): number | null;
  deleteRow(seq: number): void;
}

const TALLY_COLUMNS = 'waiting, waiting_bytes, delivered, dropped';

export function prepareWebhookTable(db: DatabaseSync): WebhookTable {
  const selectAll = db.prepare('SELECT seq, settings FROM webhooks WHERE settings IS NOT NULL ORDER BY seq');
  const upsert = db.prepare(`
    INSERT INTO webhooks (id, settings) VALUES (?, ?)
    ON CONFLICT (id) DO UPDATE SET settings = excluded.settings RETURNING seq`);
  const clear = db.prepare('UPDATE webhooks SET settings = NULL WHERE id = ? AND settings IS NOT NULL');
  const selectTally = db.prepare(`SELECT ${TALLY_COLUMNS} FROM webhooks WHERE seq = ?`);
  const updateTally = db.prepare(`
    UPDATE webhooks SET
      waiting = waiting + ?, waiting_bytes = waiting_bytes + ?, delivered = delivered + ?, dropped = dropped + ?
    WHERE seq = ? RETURNING ${TALLY_COLUMNS}`);
  const selectRemoved = db.prepare('SELECT min(seq) FROM webhooks WHERE settings IS NULL HAVING count(*) > 0');
  const deleteRow = db.prepare('DELETE FROM webhooks WHERE seq = ?');

  const known = new Map<string, KnownWebhook>();
  let recipients: readonly KnownWebhook[] = [];
  const choose = () => {
    recipients = [...known.values()].filter(({ webhook }) => webhook.disabled === null);
  };
  for (const row of selectAll.all()) {
    const webhook: Webhook = JSON.parse(textAt(row, 1));
    known.set(webhook.id, { seq: integerAt(row, 0), webhook });
  }
  choose();

  return {
    all: () => [...known.values()].map(({ webhook }) => webhook),
    recipients: () => recipients,
    seqOf: (webhookId) => known.get(webhookId)?.seq ?? null,
    put: (webhook) => ({ seq: integerAt(upsert.get(webhook.id, JSON.stringify(webhook)) ?? {}, 0), webhook }),
    remove: (webhookId) => clear.run(webhookId).changes > 0,
    remember(one) {
      known.set(one.webhook.id, one);
      choose();
    },
    forget(webhookId) {
      known.delete(webhookId);
      choose();
    },
    tally: (seq) => readTally(selectTally.get(seq) ?? {}),
    addToTally: (seq, { waiting, waitingBytes, delivered, dropped }) =>
      readTally(updateTally.get(waiting, waitingBytes, delivered, dropped, seq) ?? {}),
    removed() {
      const row = selectRemoved.get();
      return row === undefined ? null : integerAt(row, 0);
    },
    deleteRow(seq) {
      deleteRow.run(seq);
    },
  };
}

function readTally(row: Record<number, unknown>): DeliveryTally {
  return {
    waiting: integerAt(row, 0),
    waitingBytes: integerAt(row, 1),
    delivered: integerAt(row, 2),
    dropped: integerAt(row, 3),
  };
}
