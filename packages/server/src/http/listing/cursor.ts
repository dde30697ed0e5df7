import { createHash } from 'node:crypto';
import { droverError } from '../../errors/drover-error.ts';
import { type JobPosition, type JobSort, sortKeyOf } from '../../store/job-sort.ts';

const CHECK_LENGTH = 6;
const CHECKED = /^([A-Za-z0-9_-]{6})(.+)$/s;
const ENDED_AT = /^(-?\d{1,16})\.(\d{1,16})$/;
const SEQ = /^-?\d{1,16}$/;

/** Where the next page of a list begins, as an opaque text that fits into a URL. Good for lists of the same sort only. */
export function encodeCursor(position: JobPosition, sort: JobSort): string {
  const place = placeText(position);
  return Buffer.from(checkOf(place, sort) + place).toString('base64url');
}

/**
 * @throws `INVALID_QUERY` for a text that {@link encodeCursor} did not make for this sort: a guess would silently skip
 * jobs.
 */
export function decodeCursor(text: string, sort: JobSort): JobPosition {
  const [, check, place = ''] = CHECKED.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const position = check === checkOf(place, sort) ? parsePlace(place, sort) : null;
  if (position !== null && encodeCursor(position, sort) === text) return position;
  throw droverError('INVALID_QUERY', {
    name: 'cursor',
    detail: 'must be one that a page before has given, unchanged, with the same sort',
  });
}

function placeText(position: JobPosition): string {
  switch (position.key) {
    case 'submitted_at':
      return String(position.seq);
    case 'ended_at':
      return `${position.endedAtMs}.${position.seq}`;
    case 'id':
      return position.id;
  }
}

function parsePlace(place: string, sort: JobSort): JobPosition | null {
  const key = sortKeyOf(sort);
  if (key === 'id') return { key, id: place };
  if (key === 'submitted_at') return SEQ.test(place) ? { key, seq: Number(place) } : null;
  const [, endedAtMs, seq] = ENDED_AT.exec(place) ?? [];
  return endedAtMs === undefined ? null : { key, endedAtMs: Number(endedAtMs), seq: Number(seq) };
}

function checkOf(place: string, sort: JobSort): string {
  return createHash('sha256').update(`drover list ${sort} ${place}`).digest('base64url').slice(0, CHECK_LENGTH);
}
