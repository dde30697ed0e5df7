import type { WebhookStore } from '../webhook-store.ts';
import type { Listeners } from './commit-listeners.ts';
import type { FinishedNotices } from './finished-notices.ts';
import type { Outbox } from './outbox.ts';
import type { StoreAccess } from './rule-store.ts';
import type { WaitingNotices } from './waiting-notices.ts';
import type { WebhookTable } from './webhook-table.ts';

export interface WebhookParts {
  table: WebhookTable;
  outbox: Outbox;
  waiting: WaitingNotices;
  finished: FinishedNotices;
  listeners: Listeners<[readonly string[]]>;
}

export function createWebhookStore(
  { table, outbox, waiting, finished, listeners }: WebhookParts,
  { read, write }: StoreAccess,
): WebhookStore {
  /** Reads of a webhook that is there. */
  function readOf<Answer>(
    webhookId: string,
    none: Answer,
    run: (webhook: { seq: number; id: string }) => Answer,
  ): Promise<Answer> {
    return read(() => {
      const seq = table.seqOf(webhookId);
      return seq === null ? none : run({ seq, id: webhookId });
    });
  }

  return {
    webhooks: () => read(table.all),
    async put(webhook) {
      table.remember(await write(() => table.put(webhook)));
    },
    async remove(webhookId) {
      const isRemoved = await write(() => table.remove(webhookId));
      table.forget(webhookId);
      return isRemoved;
    },
    async sweep() {
      if ((await read(table.removed)) === null) return false;
      return write(() => {
        const seq = table.removed();
        if (seq === null) return false;
        if (outbox.clear(seq) > 0) return true;
        finished.clear(seq);
        table.deleteRow(seq);
        return table.removed() !== null;
      });
    },

    tally: (webhookId) => readOf(webhookId, null, ({ seq }) => table.tally(seq)),
    waiting: (webhookId, limit) => readOf(webhookId, [], (webhook) => waiting.oldest(webhook, limit)),
    finished: (webhookId, limit) => readOf(webhookId, [], (webhook) => finished.list(webhook, limit)),

    nextDue: (webhookId, limit) => readOf(webhookId, [], (webhook) => waiting.nextDue(webhook, limit)),
    body: (noticeId) => read(() => waiting.body(noticeId)),
    postpone: (noticeId, attempt, dueAtMs) => write(() => outbox.postpone(noticeId, attempt, dueAtMs)),
    finish: (noticeId, attempt, isDelivered) => write(() => outbox.finish(noticeId, attempt, isDelivered)),
    dropOlder: async (webhookId, beforeMs) => {
      const seq = table.seqOf(webhookId);
      return seq === null ? 0 : write(() => outbox.dropOlder(seq, beforeMs));
    },

    onWaiting: listeners.add,
  };
}
