import { describe, expect, it } from 'vitest';
import type { SlurmJob } from '../../../src/engine/slurm/client/slurm-client.ts';
import { clusterWordOf } from '../../../src/engine/slurm/cluster-word.ts';
import { reasonInWords } from '../../../src/engine/slurm/reason-words.ts';

function job(details: Partial<SlurmJob>): SlurmJob {
  return {
    id: 17,
    name: 'x',
    state: 'PENDING',
    reason: '',
    waitStatus: 0,
    partition: 'main',
    submittedAt: 1,
    ...details,
  };
}

describe('what Slurm says of an attempt', () => {
  it.each([
    ['PENDING', 'Resources', { kind: 'waiting', stuck: false }],
    ['PENDING', 'launch failed requeued held', { kind: 'waiting', stuck: true }],
    ['PENDING', 'launch_failed_requeued_held', { kind: 'waiting', stuck: true }],
    ['REQUEUE_HOLD', '', { kind: 'waiting', stuck: true }],
    ['CONFIGURING', '', { kind: 'running' }],
    ['RUNNING', '', { kind: 'running' }],
    ['COMPLETING', '', { kind: 'running' }],
    ['A_STATE_TO_COME', '', { kind: 'running' }],
  ])('%s (%s)', (state, reason, word) => {
    expect(clusterWordOf([job({ state, reason })], null)).toEqual(word);
  });

  it.each([
    ['COMPLETED', 0, 0, 'itself'],
    ['FAILED', 1280, 5, 'itself'],
    ['FAILED', 9, 137, 'itself'],
    ['FAILED', 4021, null, 'failed'],
    // The claim was another's: that says nothing of the driver.
    ['FAILED', 113 << 8, null, 'failed'],
    ['TIMEOUT', 15, 143, 'time_limit'],
    ['TIMEOUT', 0, 143, 'time_limit'],
    ['CANCELLED', 0, 143, 'cancelled'],
    ['CANCELLED', 43 << 8, 43, 'cancelled'],
    ['PREEMPTED', 15, 143, 'cancelled'],
    ['OUT_OF_MEMORY', 125, 137, 'out_of_memory'],
    ['NODE_FAIL', 0, null, 'failed'],
    ['BOOT_FAIL', 0, null, 'failed'],
  ])('%s with the wait status %i', (state, waitStatus, exitCode, cause) => {
    expect(clusterWordOf([job({ state, waitStatus })], null)).toMatchObject({ kind: 'ended', exitCode, cause });
  });

  it('tells a job that was cancelled while it waited from one that had a node by then', () => {
    const cancelled = (hadNode: boolean) => clusterWordOf([job({ state: 'CANCELLED', hadNode })], null);
    expect(cancelled(false)).toMatchObject({ cause: 'cancelled', hadNode: false });
    expect(cancelled(true)).toMatchObject({ cause: 'cancelled', hadNode: true });
  });

  it('says of several jobs with its mark what the one has that goes furthest', () => {
    const ended = job({ id: 1, state: 'FAILED', waitStatus: 113 << 8 });
    const waiting = job({ id: 2 });
    const running = job({ id: 3, state: 'RUNNING' });
    expect(clusterWordOf([ended, waiting, running], null)).toEqual({ kind: 'running' });
    expect(clusterWordOf([ended, waiting], null)).toEqual({ kind: 'waiting', stuck: false });
    expect(clusterWordOf([ended, job({ id: 4, state: 'COMPLETED', submittedAt: 2 })], null)).toMatchObject({
      exitCode: 0,
    });
    expect(clusterWordOf([], null)).toEqual({ kind: 'absent' });
  });

  it('counts that job alone whose supervisor has the claim', () => {
    const claimant = job({ id: 1, state: 'COMPLETED', waitStatus: 3 << 8 });
    const other = job({ id: 2, state: 'RUNNING' });
    expect(clusterWordOf([claimant, other], '1')).toMatchObject({ kind: 'ended', exitCode: 3 });
    expect(clusterWordOf([other], '1')).toEqual({ kind: 'absent' });
  });
});

it.each([
  ['Resources', 'Slurm: waits for resources (Resources), partition main'],
  [
    'QOSMaxJobsPerUserLimit',
    'Slurm: a limit of its quality of service is reached (QOSMaxJobsPerUserLimit), partition main',
  ],
  ['SomethingNew', 'Slurm: waits (SomethingNew), partition main'],
  ['', 'Slurm: pending, partition main'],
])('puts the reason %j into words', (reason, words) => {
  expect(reasonInWords(job({ reason }))).toBe(words);
});
