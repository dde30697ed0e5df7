import type { AttemptRecord, Refusal } from './grammar.ts';

const REFUSAL_TEXTS: Record<Refusal, string> = {
  order: "the attempt's order file could not be read",
  cgroup: "the attempt's cgroup could not be entered",
  directory: 'the working directory could not be entered',
  log: "the driver's log could not be opened",
};

/** Why there is an end without a driver: a refusal, or the shell that was to become it failed or was killed. Null where it ran. */
export function startFailureOf({ refusal, exitCode }: AttemptRecord, hadStarted: boolean): string | null {
  if (refusal !== null) return REFUSAL_TEXTS[refusal];
  if (hadStarted) return null;
  if (exitCode !== null && exitCode > 128) {
    return `signal ${exitCode - 128} ended the process that was to become the driver`;
  }
  return 'the driver could not be started; its log may say why';
}
