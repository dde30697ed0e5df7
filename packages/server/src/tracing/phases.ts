import type { JobEvent } from '../job/event.ts';
import { type Outcome, outcomeOf, PASSED } from './outcome.ts';

/** A stretch of a job's life. */
export type Phase =
  /** For an attempt to be handed over; `number` counts the waits. Until `backoffUntilMs` only for a retry's delay. */
  | { kind: 'wait'; number: number; fromMs: number; backoffUntilMs: number; toMs: number; outcome: Outcome }
  /** From the hand-over to the end; `startedAtMs` is null where no driver started. */
  | {
      kind: 'attempt';
      id: string;
      number: number;
      fromMs: number;
      startedAtMs: number | null;
      toMs: number;
      outcome: Outcome;
    };

type Begun = { [Kind in Phase['kind']]: Omit<Extract<Phase, { kind: Kind }>, 'toMs' | 'outcome'> }[Phase['kind']];

/** What follows one another from the submit to the end. Pure. @param events the whole history, oldest first */
export function phasesOf(events: readonly JobEvent[]): Phase[] {
  const phases: Phase[] = [];
  let begun: Begun | null = null;
  let waits = 0;

  function end(atMs: number, outcome: Outcome): void {
    if (begun !== null) phases.push({ ...begun, toMs: Math.max(begun.fromMs, atMs), outcome });
    begun = null;
  }

  function wait(fromMs: number, backoffUntilMs: number): void {
    waits += 1;
    begun = { kind: 'wait', number: waits, fromMs, backoffUntilMs };
  }

  for (const { type, atMs, detail } of events) {
    switch (type) {
      case 'submitted':
        wait(atMs, atMs);
        break;
      case 'handed_over': {
        end(atMs, PASSED);
        const { attempt, number } = detail;
        begun = { kind: 'attempt', id: String(attempt), number: Number(number), fromMs: atMs, startedAtMs: null };
        break;
      }
      case 'started':
        begun = started(begun, Number(detail.started_at_ms));
        // Of an array, which has no attempt: its first element has started.
        if (begun?.kind === 'wait') end(atMs, PASSED);
        break;
      case 'withdrawn':
        end(atMs, { attributes: { 'drover.withdrawn': String(detail.reason) }, failure: null });
        wait(atMs, atMs);
        break;
      case 'retrying':
        end(atMs, outcomeOf({ ...detail, status: 'FAILED' }));
        wait(atMs, Number(detail.next_at_ms));
        break;
      case 'ended':
        end(atMs, outcomeOf(detail));
        break;
    }
  }
  return phases;
}

/** The driver's own clock is that of its machine, and counts in ticks. */
function started(begun: Begun | null, startedAtMs: number): Begun | null {
  return begun?.kind === 'attempt' ? { ...begun, startedAtMs: Math.max(begun.fromMs, startedAtMs) } : begun;
}
