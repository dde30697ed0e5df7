import { Counter, Histogram, type Registry } from 'prom-client';
import type { CommitReport } from '../store/store.ts';
import { GROUP_WRITES, STEP_SECONDS } from './buckets.ts';

/** Answers what is to hear of every group of writes. */
export function createCommitTimes(registry: Registry): (report: CommitReport) => void {
  const registers = [registry];
  const duration = new Histogram({
    name: 'drover_store_commit_seconds',
    help: 'Time to apply a group of writes and commit it, fsync included',
    ...{ buckets: STEP_SECONDS, registers },
  });
  const size = new Histogram({
    name: 'drover_store_commit_writes',
    help: 'Writes that shared a commit',
    ...{ buckets: GROUP_WRITES, registers },
  });
  const failures = new Counter({
    name: 'drover_store_commit_failures_total',
    help: 'Groups of writes that could not be committed, for want of space as a rule',
    registers,
  });

  return ({ writes, durationMs, isCommitted }) => {
    if (!isCommitted) return failures.inc();
    duration.observe(durationMs / 1_000);
    size.observe(writes);
  };
}
