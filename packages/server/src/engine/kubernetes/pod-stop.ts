import type { StopSignal } from '../../job/job.ts';

/** The wish to end an attempt, until it is fulfilled. */
export interface PodStop {
  isWanted(): boolean;
  /** Tells the courier; what was asked before holds where it ends sooner. */
  ask(graceMs: number, signal: StopSignal): void;
  /** Has Kubernetes end a pod that does not hear of it, or has not ended in time. @param heardAt when something was heard of it */
  endIfDeaf(heardAt: number): void;
}

export interface PodStopParts {
  commands: { stop(signal: StopSignal, killAtMs: number): void; isListening(): boolean };
  /** Has Kubernetes end what runs of the attempt. */
  endPods(graceMs: number): void;
}

/** A pod that does not come for a command, or has not ended so long after its grace, is ended by Kubernetes. */
const OBEY_WITHIN_MS = 5000;
const END_AGAIN_MS = 30_000;

export function createPodStop({ commands, endPods }: PodStopParts): PodStop {
  let wanted: { askedAt: number; killAt: number; endedPodsAt: number } | null = null;

  return {
    isWanted: () => wanted !== null,
    ask(graceMs, signal) {
      const now = performance.now();
      const killAt = Math.min(wanted?.killAt ?? Number.POSITIVE_INFINITY, now + graceMs);
      wanted = {
        killAt,
        askedAt: wanted?.askedAt ?? now,
        endedPodsAt: wanted?.endedPodsAt ?? Number.NEGATIVE_INFINITY,
      };
      commands.stop(signal, killAt);
    },
    endIfDeaf(heardAt) {
      if (wanted === null) return;
      const now = performance.now();
      const isDeaf =
        !commands.isListening() && now - wanted.askedAt >= OBEY_WITHIN_MS && now - heardAt >= OBEY_WITHIN_MS;
      if (!isDeaf && now < wanted.killAt + OBEY_WITHIN_MS) return;
      if (now - wanted.endedPodsAt < END_AGAIN_MS) return;
      wanted.endedPodsAt = now;
      endPods(Math.max(0, wanted.killAt - now));
    },
  };
}
