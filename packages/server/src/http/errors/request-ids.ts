import { randomBytes } from 'node:crypto';

/** Ids of requests, unique over restarts: they stand in error answers and in the operator's log. */
export function createRequestIds(): () => string {
  const prefix = randomBytes(4).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}
