import { expect, it } from 'vitest';
import { newestKnownVersion } from '../../../../src/engine/slurm/client/rest/api-version.ts';
import { submissionBody } from '../../../../src/engine/slurm/client/rest/submission-body.ts';
import { aSubmission } from './submission.ts';

const submission = aSubmission({ cpus: 2, memoryMb: 100, timeLimitMinutes: 5, gres: 'gpu:a100:2,npu:1' });
const same = {
  name: 'drover-att-1',
  comment: 'job=j',
  current_working_directory: '/',
  standard_output: '/attempt/output/slurm.log',
  standard_error: '/attempt/output/slurm.log',
  cpus_per_task: 2,
};

it('has the shape that older versions take', () => {
  expect(submissionBody(submission, 'v0.0.38')).toEqual({
    script: '#!/bin/sh\n',
    job: {
      ...same,
      environment: { PATH: '/bin', A: 'b c' },
      memory_per_node: 100,
      time_limit: 5,
      gres: 'gpu:a100:2,npu:1',
      no_requeue: true,
    },
  });
});

it('has the shape that newer versions take', () => {
  expect(submissionBody(submission, 'v0.0.40')).toEqual({
    script: '#!/bin/sh\n',
    job: {
      ...same,
      environment: ['PATH=/bin', 'A=b c'],
      memory_per_node: { number: 100, set: true },
      time_limit: { number: 5, set: true },
      tres_per_node: 'gres/gpu:a100:2,gres/npu:1',
      requeue: false,
    },
  });
});

it.each([
  ['{"/slurm/v0.0.36/jobs":1,"/slurm/v0.0.38/jobs":1,"/slurm/v0.0.37/jobs":1}', 'v0.0.38'],
  ['{"/slurm/v0.0.42/jobs":1,"/slurm/v0.0.99/jobs":1,"/slurmdb/v0.0.43/jobs":1}', 'v0.0.42'],
  ['{"/slurm/v0.0.35/jobs":1}', null],
  ['no JSON', null],
])('takes the newest version that both sides know: %s', (specification, version) => {
  expect(newestKnownVersion(specification)).toBe(version);
});
