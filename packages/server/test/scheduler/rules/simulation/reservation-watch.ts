import type { RuleEvent } from '../../../../src/scheduler/rules/rule-book.ts';
import { endOf } from '../model/backfill.ts';
import type { Round } from '../model/round.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Sees to it that nothing delays the job that is first in the order: its reservation never gets later. */
export interface ReservationWatch {
  /** To be told of everything that happens. */
  event(snapshot: Snapshot, event: RuleEvent): void;
  /** Forgets what was promised: the clock was set. */
  forget(): void;
  round(round: Round, snapshot: Snapshot, nowMs: number): void;
}

export function createReservationWatch(): ReservationWatch {
  let promise: { jobId: string; atMs: number } | null = null;

  return {
    forget: () => {
      promise = null;
    },

    event(snapshot, event) {
      // A bound counts from the start, so that a slow start moves the end.
      const isLate =
        event.type === 'started' &&
        snapshot.running.some(({ job, sinceMs }) => job.id === event.jobId && sinceMs !== event.startedAtMs);
      if (isLate || event.type === 'adopted') promise = null;
    },

    round(round, snapshot, nowMs) {
      // A driver that runs longer than it may keeps what was counted on.
      if (snapshot.running.some((holder) => endOf(holder) < nowMs)) promise = null;
      const reservation = round.reservations.find(({ job }) => job === round.first);
      if (promise?.jobId === reservation?.job.id && promise !== null) {
        const atMs = reservation?.atMs ?? Number.POSITIVE_INFINITY;
        if (atMs > promise.atMs) {
          throw new Error(`${promise.jobId} was to start at ${promise.atMs} at the latest, and is now to at ${atMs}`);
        }
      }
      promise =
        reservation === undefined || reservation.atMs === null
          ? null
          : { jobId: reservation.job.id, atMs: reservation.atMs };
    },
  };
}
