import type { AttemptRecord } from '../record/grammar.ts';
import { startFailureOf } from '../record/start-failure.ts';

/** What an examination found of an attempt that was handed over. */
export interface Found {
  /** Whether it was handed over under the present boot. */
  sameBoot: boolean;
  /** Whether its driver is known to have begun, whatever its record says now. */
  hadStarted: boolean;
  /** Null where nobody has claimed it. */
  record: AttemptRecord | null;
  /** Whether its order is there, from which it can be launched. */
  hasOrder: boolean;
  /** Of the record's supervisor; false where it names none. */
  supervisorAlive: boolean;
  driverAlive: boolean;
  /** Whether a live process has the attempt's directory among its arguments. */
  claimantAlive: boolean;
}

export type Decision =
  | { kind: 'wait' }
  /** Hand it to the launcher (again). */
  | { kind: 'launch' }
  /** Take the claim, since the attempt cannot be launched. */
  | { kind: 'withdraw'; reason: string }
  /** The claim is held by nobody that lives, and no driver was started. */
  | { kind: 'give-up-claim'; reason: string }
  | { kind: 'withdrawn'; reason: string }
  | { kind: 'ended'; exitCode: number; startFailure: string | null }
  /** `gone`: its processes ended with an earlier boot, there is nothing to look for. */
  | { kind: 'lost'; reason: string; gone: boolean };

/** The table of recovery, in the order of its rows: the first that applies. */
export function decide(found: Found): Decision {
  const { record } = found;
  const hadStarted = found.hadStarted || record?.driver != null;
  if (record?.exitCode != null) {
    return { kind: 'ended', exitCode: record.exitCode, startFailure: startFailureOf(record, hadStarted) };
  }
  if (record?.withdrawn && !hadStarted) {
    return { kind: 'withdrawn', reason: 'it was withdrawn before its driver began' };
  }
  if (!found.sameBoot) return { kind: 'lost', reason: 'the machine was restarted while the driver ran', gone: true };
  if (record === null) return decideUnclaimed(found);
  if (record.supervisor === null) {
    if (found.claimantAlive) return { kind: 'wait' };
    if (hadStarted)
      return { kind: 'lost', reason: "the attempt's record was damaged while the driver ran", gone: false };
    return { kind: 'give-up-claim', reason: 'its supervisor ended before the driver began' };
  }
  if (found.supervisorAlive) return { kind: 'wait' };
  if (record.driver === null ? found.claimantAlive : found.driverAlive) return { kind: 'wait' };
  return { kind: 'lost', reason: "the driver's supervisor was killed, so that nobody saw how it ended", gone: false };
}

function decideUnclaimed(found: Found): Decision {
  if (found.hadStarted) {
    if (found.claimantAlive) return { kind: 'wait' };
    return { kind: 'lost', reason: "the attempt's files were removed while the driver ran", gone: false };
  }
  if (found.hasOrder) return { kind: 'launch' };
  if (found.claimantAlive) return { kind: 'wait' };
  return { kind: 'withdraw', reason: "the attempt's files were removed before the driver began" };
}
