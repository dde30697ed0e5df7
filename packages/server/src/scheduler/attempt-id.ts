import { randomBytes } from 'node:crypto';

const ATTEMPT_ID = /^att-[0-9a-f]{20}$/;

/** A name for an attempt that was never used before and never will be again. */
export function newAttemptId(): string {
  return `att-${randomBytes(10).toString('hex')}`;
}

export function isAttemptId(name: string): boolean {
  return ATTEMPT_ID.test(name);
}
