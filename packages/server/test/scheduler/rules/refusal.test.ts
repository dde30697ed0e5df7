import { describe, expect, it } from 'vitest';
import type { EngineCapacity } from '../../../src/engine/engine.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { refusalOf } from '../../../src/scheduler/rules/refusal.ts';

const MACHINE: EngineCapacity = { cpus: 4, memoryBytes: 1_000, gpuIds: ['0', '1', '2', '3'], custom: { NPU: 2 } };

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
    expect(refusalOf(MACHINE, { ...NO_RESOURCES, ...request })).toEqual({ ...refusal, where: 'this machine' });
  });
});
