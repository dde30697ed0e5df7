import { expect, it } from 'vitest';
import { classifyError } from '../../../../src/engine/slurm/client/refusals.ts';

it.each([
  [2017, 'Invalid job id specified', 'no-such-job'],
  [null, 'Kill job error on job id 1: Invalid job id specified', 'no-such-job'],
  // What slurmrestd says while the controller is dead: it looks like an unknown job, and is none.
  [-1, 'Unable to find JobId=17', 'unknown'],
  [1800, 'Unable to contact slurm controller (connect failure)', 'unknown'],
  [null, 'Batch job submission failed: Unable to contact slurm controller (connect failure)', 'unknown'],
  [2000, 'Invalid partition name specified', 'refused'],
  [null, 'Batch job submission failed: Invalid partition name specified', 'refused'],
  [2014, 'Requested node configuration is not available', 'refused'],
  [9001, 'Failure during parsing', 'refused'],
  [null, 'Batch job submission failed: Invalid account or account/partition combination specified', 'refused'],
  // These pass.
  [2050, 'Job violates accounting/QOS policy', 'not-now'],
  [null, 'Batch job submission failed: Job violates accounting/QOS policy (job submit limit)', 'not-now'],
  [null, 'Batch job submission failed: Requested partition configuration not available now', 'not-now'],
  [null, 'Batch job submission failed: Required partition not available (inactive or drain)', 'not-now'],
  [2020, 'unable to kill JobId=2 with signal 15: Job can not be altered now, try again later', 'not-now'],
  [null, 'Kill job error on job id 2: Job can not be altered now, try again later', 'not-now'],
  [2021, 'Job/step already completing or completed', 'not-now'],
  // A controller that stands by for another knows nothing.
  [2027, 'Slurm backup controller in standby mode', 'unknown'],
  [5005, 'Zero Bytes were transmitted or received', 'unknown'],
  [11, 'Resource temporarily unavailable', 'not-now'],
  [null, 'Slurm temporarily unable to accept job, sleeping and retrying', 'not-now'],
])('takes the error %s, %j to be %s', (number, text, kind) => {
  expect(classifyError(number, text)).toBe(kind);
});
