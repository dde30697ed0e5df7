import { expect, it } from 'vitest';
import { createCommandClient } from '../../../../src/engine/slurm/client/commands/command-client.ts';
import { readSacct } from '../../../../src/engine/slurm/client/commands/read-sacct.ts';
import { readSinfo } from '../../../../src/engine/slurm/client/commands/read-sinfo.ts';
import { readSqueue } from '../../../../src/engine/slurm/client/commands/read-squeue.ts';
import { sbatchArguments } from '../../../../src/engine/slurm/client/commands/sbatch-arguments.ts';
import { keepsNoAccounting } from '../../../../src/engine/slurm/client/no-accounting.ts';
import { SlurmError } from '../../../../src/engine/slurm/client/slurm-client.ts';
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

it('looks into hidden partitions as well, whose jobs and nodes Slurm shows only to who asks for all', async () => {
  const calls: string[][] = [];
  const runner = {
    run(program: string, args: readonly string[]) {
      calls.push([program, ...args]);
      return Promise.resolve('');
    },
  };
  const client = createCommandClient({ runner, user: 'somebody', asOther: false });
  await client.listJobs(() => true);
  await client.listNodes();
  expect(calls.map(([program]) => program)).toEqual(['squeue', 'sinfo']);
  for (const call of calls) expect(call).toContain('--all');
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
    'n2'.padEnd(60),
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
      hadNode: true,
    },
  ]);
  expect(readSqueue(`${line.slice(0, -60)}${' '.repeat(60)}\n`)).toMatchObject([{ hadNode: false }]);
});

it('reads lines of sacct, whatever is in the names', () => {
  const lines = [
    '1|FAILED|7:0|1795657403|main|drover-att-1',
    '2|FAILED|0:9|1795657403|main|dro|ver|',
    'x|`b',
    '3|CANCELLED by 999|0:0|1795657403|main|drover-att-3',
    '3|OUT_OF_MEMORY|0:125|Unknown||drover-att-4',
  ];
  const common = { reason: '', partition: 'main', submittedAt: 1795657403 };
  expect(readSacct(`${lines.join('\n')}\n`)).toEqual([
    { ...common, id: 1, name: 'drover-att-1', state: 'FAILED', waitStatus: 7 << 8 },
    { ...common, id: 2, name: 'dro|ver|', state: 'FAILED', waitStatus: 9 },
    { ...common, id: 3, name: 'drover-att-3', state: 'CANCELLED', waitStatus: 0 },
    { id: 3, name: 'drover-att-4', state: 'OUT_OF_MEMORY', reason: '', waitStatus: 125, partition: '', submittedAt: 0 },
  ]);
});

it('tells a site without accounting from one whose accounting is out of reach', () => {
  const away = Object.assign(new Error('spawn sacct ENOENT'), { code: 'ENOENT', path: 'sacct' });
  expect(keepsNoAccounting(new SlurmError('unknown', 'Slurm accounting storage is disabled'))).toBe(true);
  expect(keepsNoAccounting(new SlurmError('unknown', `sacct: ${away.message}`, { cause: away }))).toBe(true);
  expect(keepsNoAccounting(new SlurmError('unknown', 'Problem talking to the database: Connection refused'))).toBe(
    false,
  );
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
