import { expect, it } from 'vitest';
import { readSinfo } from '../../../../src/engine/slurm/client/commands/read-sinfo.ts';
import { readSqueue } from '../../../../src/engine/slurm/client/commands/read-squeue.ts';
import { sbatchArguments } from '../../../../src/engine/slurm/client/commands/sbatch-arguments.ts';
import { aSubmission } from './submission.ts';

it('tells sbatch what is asked for, and nothing else', () => {
  const submission = aSubmission({ cpus: 2, memoryMb: 100, gres: 'gpu:1', timeLimitMinutes: 5, partition: 'main' });
  expect(sbatchArguments(submission, null)).toEqual([
    '--parsable',
    '--no-requeue',
    '--export=ALL',
    '--job-name=drover-att-1',
    '--comment=job=j',
    '--chdir=/',
    '--output=/attempt/output/slurm.log',
    '--cpus-per-task=2',
    '--mem=100M',
    '--gres=gpu:1',
    '--time=5',
    '--partition=main',
  ]);
  expect(sbatchArguments(aSubmission(), 'somebody')).toContain('--uid=somebody');
});

it('reads lines of squeue, whatever is in them', () => {
  const line = [
    '17'.padEnd(20),
    'drover-att-1'.padEnd(200),
    'PENDING'.padEnd(30),
    'Nodes required for job are DOWN'.padEnd(60),
    '0'.padEnd(20),
    'main'.padEnd(100),
    '1795351682'.padEnd(30),
  ].join('');
  expect(readSqueue(`${line}\n\n`)).toEqual([
    {
      id: 17,
      name: 'drover-att-1',
      state: 'PENDING',
      reason: 'Nodes required for job are DOWN',
      waitStatus: 0,
      partition: 'main',
      submittedAt: 1795351682,
    },
  ]);
});

it('counts a node once that is in several partitions', () => {
  const nodes = readSinfo(
    'n1|idle|64|32000|gpu:2|192.0.2.1|none\nn1|idle|64|32000|gpu:2|192.0.2.1|none\nn2|down*|4|1000|(null)|n2|Not | responding\n',
  );
  expect(nodes).toMatchObject([
    { name: 'n1', cpus: 64, gpus: 2, address: '192.0.2.1', trouble: null },
    { name: 'n2', gpus: 0, trouble: 'Slurm has it as down* (Not | responding)' },
  ]);
});
