import { existsSync } from 'node:fs';
import { attemptPaths } from '../attempt-directory.ts';
import { readRecord } from '../record/read-record.ts';
import type { ClusterViews } from './cluster-views.ts';
import { isOver } from './pod-state.ts';
import type { JobRemover } from './remove-jobs.ts';

/**
 * Has the Jobs of attempts that are over removed, as soon as their pods have ended by themselves: to end a pod that is about to end
 * costs its node more than to run it.
 */
export interface SettledJobs {
  /** Its end is known. */
  settle(namespace: string, attemptId: string): void;
  /** What the cluster shows of it has changed. */
  look(attemptId: string): void;
  close(): void;
}

export interface SettledJobsParts {
  attemptsDir: string;
  views(): ClusterViews;
  remover: JobRemover;
  isFollowed(attemptId: string): boolean;
  /** How often those are looked for that an earlier server left, or could not remove. */
  intervalMs: number;
}

/** A pod that has not ended so long after its driver is ended. */
const END_WITHIN_MS = 10_000;

export function createSettledJobs({
  attemptsDir,
  views,
  remover,
  isFollowed,
  intervalMs,
}: SettledJobsParts): SettledJobs {
  const ending = new Map<string, { namespace: string; sinceMs: number }>();

  function look(attemptId: string): void {
    const job = ending.get(attemptId);
    if (job === undefined) return;
    const view = views().viewOf(job.namespace, attemptId);
    if (!view.pods.every(isOver) && performance.now() - job.sinceMs < END_WITHIN_MS) return;
    ending.delete(attemptId);
    remover.remove(job.namespace, attemptId, view);
  }

  function sweep(): void {
    for (const attemptId of [...ending.keys()]) look(attemptId);
    for (const { namespace, attemptId } of views().attempts()) {
      if (ending.has(attemptId) || isFollowed(attemptId) || !isSettled(attemptsDir, attemptId)) continue;
      remover.remove(namespace, attemptId, views().viewOf(namespace, attemptId));
    }
  }

  const timer = setInterval(sweep, intervalMs);
  return {
    settle(namespace, attemptId) {
      ending.set(attemptId, { namespace, sinceMs: performance.now() });
      look(attemptId);
    },
    look,
    close: () => clearInterval(timer),
  };
}

/** Whether nothing more is to come of an attempt, by its files: its end is on record, or they are gone. */
function isSettled(attemptsDir: string, attemptId: string): boolean {
  const paths = attemptPaths(attemptsDir, attemptId);
  if (!existsSync(paths.directory)) return true;
  const record = readRecord(paths.record);
  return record !== null && (record.exitCode !== null || (record.withdrawn && record.driver === null));
}
