import { describe, expect, it } from 'vitest';
import { endOf } from '../../src/scheduler/conclusion.ts';

describe('endOf', () => {
  const ended = (exitCode: number, outOfMemory = false) =>
    endOf({ kind: 'ended', attemptId: 'att-1', exitCode, endedAtMs: 1, outOfMemory });

  it.each([
    [0, 'SUCCEEDED', 'NONE', ''],
    [3, 'FAILED', 'ENTRYPOINT_FAILED', 'the entrypoint ended with exit code 3'],
    [127, 'FAILED', 'ENTRYPOINT_FAILED', 'the entrypoint ended with exit code 127: command not found'],
    [137, 'FAILED', 'ENTRYPOINT_FAILED', 'the entrypoint ended with exit code 137: SIGKILL'],
    [134, 'FAILED', 'ENTRYPOINT_FAILED', 'the entrypoint ended with exit code 134: SIGABRT'],
  ])('says of exit code %i: %s, %s', (exitCode, status, code, message) => {
    expect(ended(exitCode)).toEqual({ status, code, message, exitCode });
  });

  it('names an out-of-memory kill as such, unless the driver succeeded all the same', () => {
    expect(ended(137, true)).toMatchObject({ code: 'OUT_OF_MEMORY', exitCode: 137 });
    expect(ended(0, true)).toMatchObject({ status: 'SUCCEEDED', code: 'NONE' });
  });

  it('takes a driver that could not begin for a failure of its environment', () => {
    const startFailure = 'its working directory cannot be entered';
    expect(
      endOf({ kind: 'ended', attemptId: 'att-1', exitCode: 126, endedAtMs: 1, outOfMemory: false, startFailure }),
    ).toEqual({ status: 'FAILED', code: 'ENVIRONMENT_FAILED', message: startFailure, exitCode: null });
  });

  it.each([
    ['time_limit', 'TIME_LIMIT'],
    ['cancelled', 'CANCELLED'],
  ] as const)('says that the cluster ended a driver: %s', (cause, code) => {
    const endedBy = { cause, message: 'Slurm: ended at 10:00' };
    expect(
      endOf({ kind: 'ended', attemptId: 'att-1', exitCode: 143, endedAtMs: 1, outOfMemory: false, endedBy }),
    ).toEqual({ status: 'FAILED', code, message: 'Slurm: ended at 10:00 (exit code 143: SIGTERM)', exitCode: 143 });
  });

  it.each([
    ['unschedulable', 'UNSCHEDULABLE'],
    ['cancelled', 'CANCELLED'],
  ] as const)('says why a cluster starts no driver: %s', (cause, code) => {
    expect(endOf({ kind: 'refused', attemptId: 'att-1', atMs: 1, cause, reason: 'no such node' })).toEqual({
      ...{ status: 'FAILED', code, message: 'no such node', exitCode: null },
    });
  });

  it('knows no exit code of a driver that was lost', () => {
    const end = endOf({ kind: 'lost', attemptId: 'att-1', atMs: 1, reason: 'the machine was restarted' });
    expect(end).toEqual({
      status: 'FAILED',
      code: 'DRIVER_LOST',
      message: 'the machine was restarted',
      exitCode: null,
    });
  });
});
