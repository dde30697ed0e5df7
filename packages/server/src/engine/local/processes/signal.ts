import type { StopSignal } from '../../../job/job.ts';
import { errorCode } from '../../record/error-code.ts';

/** Sends a signal to a process that may have ended since it was found. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // EPERM: it became another user's (a setuid program). It is out of reach, and waited for.
    const code = errorCode(error);
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** Asks a process to end, and lets it run if it is stopped: else it would not hear of it before it is killed. */
export function askToEnd(pid: number, signal: StopSignal): void {
  signalProcess(pid, signal);
  signalProcess(pid, 'SIGCONT');
}
