import { describe, expect, it } from 'vitest';
import { accountedEndOf } from '../../../src/engine/slurm/accounted-end.ts';
import type { SlurmJob } from '../../../src/engine/slurm/client/slurm-client.ts';

const NOT_OURS = 113 << 8;

function row(details: Partial<SlurmJob> = {}): SlurmJob {
  return {
    id: 17,
    name: 'drover-att-1',
    state: 'FAILED',
    reason: '',
    waitStatus: 7 << 8,
    partition: 'main',
    submittedAt: 100,
    ...details,
  };
}

function endOf(rows: readonly SlurmJob[], submittedAt: ReadonlyMap<number, ReadonlySet<number>> = new Map()) {
  return accountedEndOf(rows, { name: 'drover-att-1', ids: [17], submittedAt });
}

describe('how an attempt ended by the books of accounting', () => {
  it.each([
    ['COMPLETED', 0, 0, 'itself'],
    ['FAILED', 7 << 8, 7, 'itself'],
    ['FAILED', 9, 137, 'itself'],
    ['OUT_OF_MEMORY', 125, 137, 'out_of_memory'],
    ['TIMEOUT', null, 143, 'time_limit'],
    ['CANCELLED', 0, 143, 'cancelled'],
    ['NODE_FAIL', 0, null, 'failed'],
    // It has ended, and its code is not told.
    ['FAILED', null, null, 'failed'],
  ])('%s with the wait status %s', (state, waitStatus, exitCode, cause) => {
    expect(endOf([row({ state, waitStatus })])).toMatchObject({ kind: 'ended', exitCode, cause });
  });

  it.each(['PENDING', 'RUNNING', 'COMPLETING'])(
    'nothing follows from %s: a controller may have lost the job',
    (state) => {
      expect(endOf([row({ state })])).toBeNull();
    },
  );

  it('nothing follows where it has no such job, or that of somebody else who was given the id', () => {
    expect(endOf([])).toBeNull();
    expect(endOf([row({ name: 'drover-att-2' }), row({ name: 'drover-att-1x' }), row({ id: 18 })])).toBeNull();
    expect(endOf([row({ name: 'theirs', waitStatus: 0 }), row()])).toMatchObject({ exitCode: 7 });
  });

  it('counts that job alone which Slurm has listed, where the id came back to the same attempt', () => {
    const twice = [row({ waitStatus: 3 << 8 }), row({ waitStatus: 5 << 8, submittedAt: 160 })];
    expect(endOf(twice, new Map([[17, new Set([100])]]))).toMatchObject({ exitCode: 3 });
    expect(endOf(twice, new Map([[17, new Set([160])]]))).toMatchObject({ exitCode: 5 });
    expect(endOf(twice, new Map([[17, new Set([99])]]))).toBeNull();
  });

  it('nothing follows where either may be meant', () => {
    const twice = [row({ waitStatus: 3 << 8 }), row({ state: 'CANCELLED', waitStatus: 0, submittedAt: 160 })];
    expect(endOf(twice)).toBeNull();
    expect(endOf([row({ state: 'RUNNING' }), row({ submittedAt: 160 })])).toBeNull();
  });

  it('passes over a job that found the claim taken', () => {
    expect(endOf([row({ waitStatus: NOT_OURS })])).toBeNull();
    expect(endOf([row(), row({ waitStatus: NOT_OURS, submittedAt: 160 })])).toMatchObject({ exitCode: 7 });
  });
});
