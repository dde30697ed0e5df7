import { createHash } from 'node:crypto';
import { droverError } from '../../errors/drover-error.ts';

const CHECK_LENGTH = 6;
const CURSOR = /^(\d{1,15})\.([A-Za-z0-9_-]{6})$/;

/** Where the next page of a list begins, as an opaque text that fits into a URL. */
export function encodeCursor(beforeSeq: number): string {
  return Buffer.from(`${beforeSeq}.${checkOf(beforeSeq)}`).toString('base64url');
}

/** @throws `INVALID_QUERY` for a text that {@link encodeCursor} did not make: a guess would silently skip jobs. */
export function decodeCursor(text: string): number {
  const match = CURSOR.exec(Buffer.from(text, 'base64url').toString());
  const beforeSeq = Number(match?.[1]);
  if (match === null || encodeCursor(beforeSeq) !== text) {
    throw droverError('INVALID_QUERY', {
      name: 'cursor',
      detail: 'must be one that a page before has given, unchanged',
    });
  }
  return beforeSeq;
}

function checkOf(beforeSeq: number): string {
  return createHash('sha256').update(`drover list ${beforeSeq}`).digest('base64url').slice(0, CHECK_LENGTH);
}
