import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import { quoteForShell } from '../../../src/engine/order/shell-quote.ts';
import { fixture, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import type { TestAttempts } from './attempts.ts';

/** Drivers that leave a mark when they begin, wait until they are released, say so, and end. */
export interface WaitingDriver {
  waitingOrder(exitCode: number, details?: Partial<AttemptOrder>): AttemptOrder;
  /** Hands the order over. Resolves with the driver's node when it waits. */
  begin(order: AttemptOrder): Promise<string>;
  release(order: AttemptOrder): void;
  /** How often a driver of the order has begun. */
  beginnings(order: AttemptOrder): number;
}

export function createWaitingDriver(attempts: () => TestAttempts): WaitingDriver {
  const markOf = (order: AttemptOrder) => join(attempts().folder, `${order.jobId}.begun`);
  const releaseOf = (order: AttemptOrder) => join(attempts().folder, `${order.jobId}.released`);

  return {
    waitingOrder(exitCode, details = {}) {
      const order = orderFor('', details);
      const waiting = fixture('wait-for-file.sh', releaseOf(order), String(exitCode));
      return { ...order, entrypoint: `echo begun >>${quoteForShell(markOf(order))}; ${waiting}` };
    },
    async begin(order) {
      const { engine, news } = attempts();
      await engine.handOver(order);
      const { node } = await news.of(order.attemptId, 'started');
      await until('output', () => attempts().log(order).includes('ready'));
      return node?.id ?? '';
    },
    release: (order) => writeFileSync(releaseOf(order), ''),
    beginnings: (order) => readFileSync(markOf(order), 'utf8').trim().split('\n').length,
  };
}
