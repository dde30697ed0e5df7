import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineCapacity } from '../../src/engine/engine.ts';
import { NO_RESOURCES, type ResourceRequest } from '../../src/job/resources.ts';
import { type Admitted, admit } from '../../src/scheduler/admission.ts';
import { demandOf } from '../../src/scheduler/demand.ts';
import { chooseGpus, fits, freeAtFirst, giveBack, reserve, take } from '../../src/scheduler/free-resources.ts';
import { createWaitingJobs, type WaitingJob } from '../../src/scheduler/waiting-jobs.ts';

const MACHINE: EngineCapacity = { cpus: 4, memoryBytes: 1_000, gpuIds: ['0', '1', '2'], custom: { NPU: 2 } };

function asking(seq: number, request: Partial<ResourceRequest>): WaitingJob {
  return { id: `app-${seq}`, seq, demand: demandOf({ ...NO_RESOURCES, ...request }) };
}

function admitAll(jobs: WaitingJob[], slots = 100, capacity = MACHINE): Admitted[] {
  const waiting = createWaitingJobs();
  for (const job of jobs) waiting.add(job);
  return admit(waiting, freeAtFirst(capacity), slots);
}

const seqs = (admitted: Admitted[]) => admitted.map(({ job }) => job.seq);

describe('admit', () => {
  it('starts the oldest first, whatever their shapes and the order they came in', () => {
    const jobs = [asking(3, { cpus: 1 }), asking(1, {}), asking(2, { cpus: 2 }), asking(4, { cpus: 1 })];
    expect(seqs(admitAll(jobs))).toEqual([1, 2, 3, 4]);
  });

  it('starts no more than there are slots', () => {
    expect(seqs(admitAll([asking(1, {}), asking(2, {}), asking(3, {})], 2))).toEqual([1, 2]);
  });

  it('sets free resources aside for an older job that does not fit yet', () => {
    const waiting = createWaitingJobs();
    for (const job of [asking(1, { cpus: 3 }), asking(2, { cpus: 1 }), asking(3, { gpus: 1 })]) waiting.add(job);
    const twoCpusTaken = take(freeAtFirst(MACHINE), demandOf({ ...NO_RESOURCES, cpus: 2 }), []);
    // The second would fit, and would make the first wait longer; the third takes nothing that the first needs.
    expect(seqs(admit(waiting, twoCpusTaken, 100))).toEqual([3]);
  });

  it('gives each job whole devices of its own, and parts of one to those that ask for a part', () => {
    const jobs = [asking(1, { gpus: 2 }), asking(2, { gpus: 0.5 }), asking(3, { gpus: 0.5 }), asking(4, { gpus: 0.1 })];
    const admitted = admitAll(jobs);
    expect(admitted.map(({ gpus }) => gpus)).toEqual([['0', '1'], ['2'], ['2']]);
  });

  it('fits ten jobs of a tenth into one, in spite of binary fractions', () => {
    const jobs = Array.from({ length: 12 }, (_, index) => asking(index + 1, { cpus: 0.1 }));
    expect(admitAll(jobs, 100, { ...MACHINE, cpus: 1 })).toHaveLength(10);
  });

  const request = fc.record({
    cpus: fc.constantFrom(0, 0.5, 1, 3, 4),
    gpus: fc.constantFrom(0, 0.25, 1, 2, 3),
    memoryBytes: fc.constantFrom(0, 100, 900),
    custom: fc.constantFrom({}, { NPU: 1 }, { NPU: 2 }),
  });

  it('decides as the plain rule does that looks at every job', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), fc.integer({ min: 1, max: 20 }), (requests, slots) => {
        const jobs = requests.map((asked, index) => asking(index + 1, asked));
        const expected: number[] = [];
        let free = freeAtFirst(MACHINE);
        const blocked = new Set<string>();
        for (const job of jobs) {
          if (expected.length >= slots) break;
          const gpus = chooseGpus(free, job.demand);
          if (blocked.has(job.demand.shape)) continue;
          if (gpus === null || !fits(free, job.demand)) {
            free = reserve(free, job.demand);
            blocked.add(job.demand.shape);
            continue;
          }
          free = take(free, job.demand, gpus);
          expected.push(job.seq);
        }
        expect(seqs(admitAll(jobs, slots))).toEqual(expected);
      }),
    );
  });

  it('never gives out more than there is, and gets everything back', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), (requests) => {
        const admitted = admitAll(requests.map((asked, index) => asking(index + 1, asked)));
        let free = freeAtFirst(MACHINE);
        for (const { job, gpus } of admitted) free = take(free, job.demand, gpus);
        for (const units of [...Object.values(free.amounts), ...Object.values(free.gpus)]) {
          expect(units).toBeGreaterThanOrEqual(0);
        }
        for (const { job, gpus } of admitted) free = giveBack(free, job.demand, gpus);
        expect(free).toEqual(freeAtFirst(MACHINE));
      }),
    );
  });
});

describe('waiting jobs', () => {
  it('counts those ahead and finds the oldest of each shape as a sorted list would', () => {
    const operation = fc.record({ seq: fc.integer({ min: 1, max: 30 }), cpus: fc.constantFrom(0, 1, 2) });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const waiting = createWaitingJobs();
        const model = new Map<number, WaitingJob>();
        for (const { seq, cpus } of operations) {
          const known = model.get(seq);
          if (known === undefined) {
            const job = asking(seq, { cpus });
            waiting.add(job);
            model.set(seq, job);
          } else {
            waiting.remove(known);
            model.delete(seq);
          }
        }
        const sorted = [...model.values()].sort((left, right) => left.seq - right.seq);
        expect(waiting.size).toBe(sorted.length);
        for (const [index, job] of sorted.entries()) {
          expect(waiting.countBefore(job.seq)).toBe(index);
          const successor = sorted.find((other) => other.seq > job.seq && other.demand.shape === job.demand.shape);
          expect(waiting.nextOfShape(job)).toBe(successor ?? null);
        }
        const heads = sorted.filter(
          (job, index) => sorted.findIndex((other) => other.demand.shape === job.demand.shape) === index,
        );
        expect(waiting.oldestOfEachShape(100)).toEqual(heads);
        expect(waiting.oldestOfEachShape(2)).toEqual(heads.slice(0, 2));
      }),
    );
  });
});
