import type { Attempt, Job, PastAttempt } from '../../job/job.ts';
import { attemptResource, endResource, timeOrNull } from './job-resource.ts';
import type { attemptList } from './schemas/attempt-list.ts';
import type { Sent } from './schemas/sent.ts';

type Attempts = Sent<typeof attemptList>['attempts'];

/** Every attempt at a job, the first one first: those after which it went on, and the present or last one. */
export function attemptsResource({ attempt, end, endedAtMs, retry }: Job, past: readonly PastAttempt[]): Attempts {
  const attempts = past.map(({ number, attempt: tried, end: ended, endedAtMs: atMs }) =>
    entry(number, tried, { end: ended, endedAtMs: atMs }),
  );
  // A job that ended while it waited to be tried again has no attempt for that end.
  if (attempt !== null) attempts.push(entry((retry?.made ?? 0) + 1, attempt, { end, endedAtMs }));
  return attempts;
}

function entry(
  number: number,
  attempt: Attempt | null,
  { end, endedAtMs }: { end: Job['end']; endedAtMs: number | null },
): Attempts[number] {
  return {
    number,
    attempt: attempt === null ? null : attemptResource(attempt),
    started_at: timeOrNull(attempt?.startedAtMs ?? null),
    ended_at: timeOrNull(endedAtMs),
    end: end === null ? null : endResource(end),
  };
}
