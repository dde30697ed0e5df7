import { expect, it, onTestFinished, vi } from 'vitest';
import { SlurmError, type SlurmJob } from '../../../src/engine/slurm/client/slurm-client.ts';
import { createContact } from '../../../src/engine/slurm/contact.ts';
import { type JobList, openJobList } from '../../../src/engine/slurm/job-list.ts';

const JOB: SlurmJob = {
  id: 17,
  name: 'drover-att-1',
  state: 'PENDING',
  reason: '',
  waitStatus: 0,
  partition: 'main',
  submittedAt: 1,
};

/** What is known after a few questions, each of which is answered while `meanwhile` fails. */
async function askBeside(meanwhile: Error): Promise<{ asked: number; answers: (readonly SlurmJob[])[] }> {
  const answers: (readonly SlurmJob[])[] = [];
  let asked = 0;
  const { promise: isEnough, resolve } = Promise.withResolvers<void>();
  const contact = createContact('Slurm', Date.now, (error) => {
    if (error === null) list.askAgain();
  });
  const list: JobList = openJobList({
    client: {
      async listJobs() {
        asked += 1;
        if (asked > 3) resolve();
        await contact.reach(() => Promise.reject(meanwhile)).catch(() => undefined);
        return [JOB];
      },
    },
    contact,
    intervalMs: 1,
    isNeeded: () => true,
    onAnswer() {
      answers.push(list.askedAt() === null ? [] : list.jobsOf('att-1'));
    },
  });
  list.wake();
  await isEnough;
  list.close();
  return { asked, answers };
}

it.each([new Error('connection refused'), new SlurmError('not-now', 'Job violates accounting/QOS policy')])(
  'each answer counts, though other calls fail meanwhile: %s',
  async (failure) => {
    const { asked, answers } = await askBeside(failure);
    expect(answers).toHaveLength(asked - 1);
    for (const jobs of answers) expect(jobs).toEqual([JOB]);
  },
);

it('a call that Slurm turns down for now leaves it within reach', async () => {
  const contact = createContact('Slurm', Date.now, () => {});
  const call = () => Promise.reject(new SlurmError('not-now', 'Job violates accounting/QOS policy'));
  await expect(contact.reach(call)).rejects.toThrow();
  expect(contact.trouble()).toBeNull();
});

it('takes a tenth of the time at most, however often something new makes it ask', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let asked = 0;
  const list = openJobList({
    client: {
      async listJobs() {
        asked += 1;
        await new Promise((resolve) => setTimeout(resolve, 500));
        return [JOB];
      },
    },
    contact: createContact('Slurm', Date.now, () => {}),
    intervalMs: 3_000,
    isNeeded: () => true,
    onAnswer: () => {},
  });
  for (let elapsed = 0; elapsed < 50_000; elapsed += 100) {
    list.wake();
    await vi.advanceTimersByTimeAsync(100);
  }
  list.close();
  expect(asked).toBeGreaterThan(8);
  expect(asked).toBeLessThan(12);
});
