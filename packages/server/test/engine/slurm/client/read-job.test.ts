import { expect, it } from 'vitest';
import { readJob } from '../../../../src/engine/slurm/client/rest/read-job.ts';
import { readNode } from '../../../../src/engine/slurm/client/rest/read-nodes.ts';

const OLD = {
  job_id: 17,
  name: 'drover-att-1',
  job_state: 'FAILED',
  state_reason: 'NonZeroExitCode',
  exit_code: 1280,
  partition: 'main',
  submit_time: 1795351682,
  nodes: 'n2',
  restart_cnt: 0,
};

it('reads a job as older versions tell of it', () => {
  expect(readJob(OLD)).toEqual({
    id: 17,
    name: 'drover-att-1',
    state: 'FAILED',
    reason: 'NonZeroExitCode',
    waitStatus: 1280,
    partition: 'main',
    submittedAt: 1795351682,
    hadNode: true,
  });
  expect(readJob({ ...OLD, state_reason: 'None', exit_code: null })).toMatchObject({ reason: '', waitStatus: null });
  expect(readJob({ ...OLD, nodes: '' })).toMatchObject({ hadNode: false });
});

it('takes the words in which Slurm says more than by its reason, as squeue does', () => {
  const held = { ...OLD, job_state: 'PENDING', state_reason: 'JobHeldUser' };
  expect(readJob({ ...held, state_description: '' })).toMatchObject({ reason: 'JobHeldUser' });
  expect(readJob({ ...held, state_description: 'launch failed requeued held' })).toMatchObject({
    reason: 'launch failed requeued held',
  });
});

it('reads the same job as newer versions tell of it', () => {
  const exitCode = (returned: number, signal: number) => ({
    status: ['ERROR'],
    return_code: { set: true, infinite: false, number: returned },
    signal: { id: { set: signal > 0, infinite: false, number: signal }, name: '' },
  });
  const recent = {
    ...OLD,
    job_state: ['FAILED'],
    exit_code: exitCode(5, 0),
    submit_time: { set: true, infinite: false, number: 1795351682 },
  };
  expect(readJob(recent)).toEqual(readJob(OLD));
  expect(readJob({ ...recent, exit_code: exitCode(0, 9) })).toMatchObject({ waitStatus: 9 });
});

it('lets a job go on that is still being cleaned up', () => {
  expect(readJob({ ...OLD, job_state: ['CANCELLED', 'COMPLETING'] })).toMatchObject({ state: 'COMPLETING' });
});

it.each([
  [['PENDING', 'REQUEUE_HOLD'], 'REQUEUE_HOLD'],
  [['FAILED', 'REQUEUED'], 'REQUEUED'],
  [['FAILED', 'REQUEUED', 'COMPLETING'], 'COMPLETING'],
  [['RUNNING', 'A_FLAG_TO_COME'], 'RUNNING'],
  [[], 'UNKNOWN'],
])('takes of a state with flags %j what older versions would say', (states, said) => {
  expect(readJob({ ...OLD, job_state: states })).toMatchObject({ state: said });
});

it('reads nodes of both kinds', () => {
  const node = {
    name: 'n1',
    address: '192.0.2.1',
    cpus: 64,
    real_memory: 32_000,
    gres: 'gpu:a100:2(S:0-1),gpu:h100:1,npu:1',
    state: 'idle',
    state_flags: [],
    reason: '',
  };
  const read = readNode(node);
  expect(read).toMatchObject({ name: 'n1', cpus: 64, gpus: 3, custom: { npu: 1 }, state: 'idle', trouble: null });
  expect(read.memoryBytes).toBe(32_000 * 2 ** 20);
  const { state_flags: _, ...rest } = node;
  expect(readNode({ ...rest, state: ['IDLE'] })).toEqual(read);
  const drained = readNode({ ...node, state: 'idle', state_flags: ['DRAIN'], reason: 'Duplicate jobid' });
  expect(drained.trouble).toBe('Slurm has it as idle+drain (Duplicate jobid)');
});
