import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAccounting } from '../../../src/engine/slurm/accounting.ts';
import type { SlurmJob } from '../../../src/engine/slurm/client/slurm-client.ts';

const AGAIN_MS = 30_000;
const WITHOUT_MS = 600_000;

function ended(id: number): SlurmJob {
  return { id, name: 'x', state: 'COMPLETED', reason: '', waitStatus: 0, partition: '', submittedAt: 1 };
}

/** Accounting whose answers the test gives, wanted by sweeps of which the test makes each. */
function open() {
  const questions: (readonly number[])[] = [];
  const warnings: string[] = [];
  let answer = (ids: readonly number[]): SlurmJob[] | null => ids.map(ended);
  const accounting = openAccounting({
    client: {
      async listAccounted(ids) {
        questions.push(ids);
        return answer(ids);
      },
    },
    againMs: AGAIN_MS,
    withoutMs: WITHOUT_MS,
    warn: (message) => warnings.push(message),
  });
  return {
    questions,
    warnings,
    accounting,
    answer(next: typeof answer) {
      answer = next;
    },
    /** Each id is an attempt's that looks for its end once a second. */
    async sweep(ids: readonly number[], seconds = 1) {
      for (let second = 0; second < seconds; second += 1) {
        for (const id of ids) accounting.rowsOf([id]);
        await vi.advanceTimersByTimeAsync(1_000);
      }
      return ids.flatMap((id) => accounting.rowsOf([id]).map((row) => row.id));
    },
  };
}

describe('accounting', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked once for all jobs that are missing, and not again for what it knows', async () => {
    const trial = open();
    const ids = Array.from({ length: 40 }, (_, index) => index + 1);
    expect(await trial.sweep(ids, 300)).toEqual(ids);
    expect(trial.questions).toEqual([ids]);
    trial.accounting.close();
  });

  it('is not asked where nothing is missing', async () => {
    const trial = open();
    await trial.sweep([], 60);
    expect(trial.questions).toEqual([]);
  });

  it('is asked in pieces where a great many are missing', async () => {
    const trial = open();
    const ids = Array.from({ length: 450 }, (_, index) => index + 1);
    expect(await trial.sweep(ids, 3)).toEqual(ids);
    expect(trial.questions.map(({ length }) => length)).toEqual([200, 200, 50]);
    trial.accounting.close();
  });

  it('is asked again some time later for what it does not know, or has not seen the end of', async () => {
    const trial = open();
    trial.answer(() => [{ ...ended(1), state: 'RUNNING' }]);
    expect(await trial.sweep([1, 2], 29)).toEqual([1]);
    expect(trial.questions).toHaveLength(1);
    trial.answer((ids) => ids.map(ended));
    await trial.sweep([1, 2], 3);
    expect(await trial.sweep([1, 2])).toEqual([1, 2]);
    expect(trial.questions).toHaveLength(2);
    trial.accounting.close();
  });

  it('is left alone for long where a site keeps none, without a warning', async () => {
    const trial = open();
    trial.answer(() => null);
    await trial.sweep([1, 2], 590);
    expect(trial.questions).toHaveLength(1);
    trial.answer((ids) => ids.map(ended));
    await trial.sweep([3], 20);
    expect(await trial.sweep([3])).toEqual([3]);
    expect(trial.questions).toHaveLength(2);
    expect(trial.warnings).toEqual([]);
    trial.accounting.close();
  });

  it('is asked again after a while where it is out of reach, and one is told of that', async () => {
    const trial = open();
    trial.answer(() => {
      throw new Error('away');
    });
    expect(await trial.sweep([1], 29)).toEqual([]);
    expect(trial.questions).toHaveLength(1);
    expect(trial.warnings).toHaveLength(1);
    trial.answer((ids) => ids.map(ended));
    expect(await trial.sweep([1], 5)).toEqual([1]);
    expect(trial.questions).toHaveLength(2);
    trial.accounting.close();
  });
});
