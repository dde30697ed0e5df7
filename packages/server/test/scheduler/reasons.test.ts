import { describe, expect, it } from 'vitest';
import type { EngineCapacity } from '../../src/engine/engine.ts';
import { NO_RESOURCES, type ResourceRequest } from '../../src/job/resources.ts';
import { endOf } from '../../src/scheduler/conclusion.ts';
import { demandOf } from '../../src/scheduler/demand.ts';
import { createLedger } from '../../src/scheduler/ledger.ts';
import { refusalOf } from '../../src/scheduler/refusal.ts';

const MACHINE: EngineCapacity = { cpus: 4, memoryBytes: 1_000, gpuIds: ['0', '1', '2', '3'], custom: { NPU: 2 } };
const asking = (request: Partial<ResourceRequest>) => demandOf({ ...NO_RESOURCES, ...request });

describe('the reason why a job waits', () => {
  it('names the resource that lacks, with what there is and what is in use', () => {
    const ledger = createLedger(MACHINE, 10);
    ledger.occupy(asking({ gpus: 3 }), ['0', '1', '2']);
    expect(ledger.reasonToWait({ id: 'a', seq: 1, demand: asking({ gpus: 2 }) })).toEqual({
      code: 'WAITING_FOR_RESOURCES',
      message: 'needs 2 gpus: 4 in all, 3 in use',
      jobsAhead: 0,
    });
  });

  it('tells that as many drivers run as may', () => {
    const ledger = createLedger(MACHINE, 1);
    ledger.occupy(asking({}), []);
    expect(ledger.reasonToWait({ id: 'a', seq: 1, demand: asking({}) })).toMatchObject({
      code: 'TOO_MANY_RUNNING',
      message: '1 drivers run already, and at most 1 may at once (max_running)',
    });
  });

  it('counts the jobs ahead', () => {
    const ledger = createLedger(MACHINE, 0);
    const jobs = [1, 2, 3].map((seq) => ({ id: `app-${seq}`, seq, demand: asking({ custom: { NPU: 1 } }) }));
    for (const job of jobs) ledger.addWaiting(job);
    expect(jobs.map((job) => ledger.reasonToWait(job).jobsAhead)).toEqual([0, 1, 2]);
  });
});

describe('refusalOf', () => {
  it('lets pass what the idle machine could run', () => {
    expect(refusalOf(MACHINE, { cpus: 4, gpus: 4, memoryBytes: 1_000, custom: { NPU: 2 } })).toBeNull();
  });

  it.each([
    [{ cpus: 4.5 }, { asked: '4.5 cpus', available: '4 cpus' }],
    [{ gpus: 5 }, { asked: '5 gpus', available: '4 gpus' }],
    [{ memoryBytes: 1_001 }, { asked: '1001 bytes of memory', available: '1000 bytes of memory' }],
    [{ custom: { TPU: 1 } }, { asked: '1 TPU', available: '0 TPU' }],
  ])('names what can never be met: %j', (request, refusal) => {
    expect(refusalOf(MACHINE, { ...NO_RESOURCES, ...request })).toEqual(refusal);
  });
});

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
