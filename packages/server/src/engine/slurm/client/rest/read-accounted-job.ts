import { z } from 'zod';
import type { SlurmJob } from '../slurm-client.ts';
import { exitCode, numberOf, slurmNumber, state, stateOf, waitStatusOf } from './read-job.ts';

const job = z.looseObject({
  job_id: z.number(),
  name: z.string().nullish(),
  state: z.looseObject({ current: state }),
  exit_code: exitCode.optional(),
  partition: z.string().nullish(),
  time: z.looseObject({ submission: slurmNumber.optional() }),
});

/** Reads a job of slurmdbd's `GET /jobs`, in the shape of any version. Throws where it is none. */
export function readAccountedJob(value: unknown): SlurmJob {
  const read = job.parse(value);
  const current = stateOf(read.state.current);
  const waitStatus = waitStatusOf(read.exit_code);
  return {
    id: read.job_id,
    name: read.name ?? '',
    state: current,
    reason: '',
    // Up to v0.0.38 every exit code is told as 0, whatever it was.
    waitStatus: waitStatus === 0 && current !== 'COMPLETED' ? null : waitStatus,
    partition: read.partition ?? '',
    submittedAt: numberOf(read.time.submission) ?? 0,
  };
}
