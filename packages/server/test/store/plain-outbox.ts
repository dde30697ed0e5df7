import type { OutboxOptions } from '../../src/store/webhook-store.ts';

/** For stores of tests: a body that tells event and job apart from others. */
export const PLAIN_OUTBOX: OutboxOptions = {
  bodyOf: ({ id, type }, { id: jobId, revision }) => JSON.stringify({ id, type, jobId, revision }),
  maxWaiting: 1_000_000,
  maxWaitingBytes: 1024 ** 3,
};
