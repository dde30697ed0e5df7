import { expect, it } from 'vitest';
import { newestKnownVersion } from '../../../../src/engine/slurm/client/rest/api-version.ts';
import { readAccountedJob } from '../../../../src/engine/slurm/client/rest/read-accounted-job.ts';

const SIGNALED = { status: 'SIGNALED', return_code: null, signal: { signal_id: 9, name: 'Killed' } };
const OLD = {
  job_id: 17,
  name: 'drover-att-1',
  state: { current: 'FAILED', reason: 'None' },
  exit_code: SIGNALED,
  partition: 'main',
  time: { submission: 1795351682, end: 1795351690 },
  user: null,
};

it('reads a job of accounting as older versions tell of it', () => {
  expect(readAccountedJob(OLD)).toEqual({
    id: 17,
    name: 'drover-att-1',
    state: 'FAILED',
    reason: '',
    waitStatus: 9,
    partition: 'main',
    submittedAt: 1795351682,
  });
});

it('does not believe older versions that a job that failed ended with 0', () => {
  const success = { status: 'SUCCESS', return_code: 0 };
  const as = (current: string) => readAccountedJob({ ...OLD, state: { current }, exit_code: success });
  expect(as('FAILED').waitStatus).toBeNull();
  expect(as('TIMEOUT').waitStatus).toBeNull();
  expect(as('COMPLETED').waitStatus).toBe(0);
});

it('reads the same job as newer versions tell of it', () => {
  const exitCode = (returned: number, signal: number) => ({
    status: ['ERROR'],
    return_code: { set: true, infinite: false, number: returned },
    signal: { id: { set: signal > 0, infinite: false, number: signal }, name: '' },
  });
  const recent = { ...OLD, state: { current: ['FAILED'], reason: 'None' }, exit_code: exitCode(0, 9) };
  expect(readAccountedJob(recent)).toEqual(readAccountedJob(OLD));
  expect(readAccountedJob({ ...recent, exit_code: exitCode(7, 0) })).toMatchObject({ waitStatus: 7 << 8 });
});

it("finds the version of slurmdbd's part by itself", () => {
  const specification = '"/slurm/v0.0.38/jobs": {}, "/slurmdb/v0.0.36/jobs": {}, "/slurmdb/v0.0.37/jobs": {}';
  expect(newestKnownVersion(specification)).toBe('v0.0.38');
  expect(newestKnownVersion(specification, 'slurmdb')).toBe('v0.0.37');
  expect(newestKnownVersion('"/slurm/v0.0.38/jobs": {}', 'slurmdb')).toBeNull();
  const escaped = specification.replaceAll('/', '\\/');
  expect(newestKnownVersion(escaped)).toBe('v0.0.38');
  expect(newestKnownVersion(escaped, 'slurmdb')).toBe('v0.0.37');
});
