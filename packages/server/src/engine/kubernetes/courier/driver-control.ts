import { closeSync, writeSync } from 'node:fs';
import type { PodFolder } from './pod-folder.ts';

/** The way to the supervisor in the driver's container: a pipe in the shared folder. */
export interface DriverControl {
  /** Lets it run the driver. */
  go(graceMs: number): void;
  /** Lets it end without. */
  refuse(): void;
  /** Ends the driver's tree: `signal`, then SIGKILL after `graceMs`, or sooner where an earlier call said so. */
  stop(signal: 'SIGTERM' | 'SIGINT', graceMs: number): void;
  /** Lets it go after the driver's end: the server has everything. */
  bye(): void;
  close(): void;
}

const KILL_AGAIN_MS = 100;
/** What setTimeout can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Null where the supervisor has not made its pipe yet. */
export function openDriverControl(folder: PodFolder): DriverControl | null {
  const pipe = folder.openPipe('control');
  return pipe === null ? null : driverControlOf(pipe);
}

function driverControlOf(pipe: number): DriverControl {
  let killAt = Number.POSITIVE_INFINITY;
  let killTimer: NodeJS.Timeout | null = null;
  let lastSignal = '';
  let isClosed = false;

  function say(line: string): void {
    if (isClosed) return;
    try {
      writeSync(pipe, `${line}\n`);
    } catch {
      // Full: nobody reads any more, and what is left ends with its container.
    }
  }

  function killAfter(delayMs: number): void {
    if (killTimer !== null) clearTimeout(killTimer);
    killTimer = setTimeout(() => {
      say('KILL');
      // Again, since what is about to become the driver may not have been there.
      if (!isClosed) killAfter(KILL_AGAIN_MS);
    }, delayMs);
  }

  return {
    go: (graceMs) => say(`go ${graceMs}`),
    refuse: () => say('no'),
    bye: () => say('bye'),
    stop(signal, graceMs) {
      if (isClosed) return;
      if (signal !== lastSignal) say(signal.slice('SIG'.length));
      lastSignal = signal;
      const at = performance.now() + graceMs;
      if (at >= killAt) return;
      killAt = at;
      killAfter(Math.min(graceMs, LONGEST_TIMER_MS));
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      if (killTimer !== null) clearTimeout(killTimer);
      closeSync(pipe);
    },
  };
}
