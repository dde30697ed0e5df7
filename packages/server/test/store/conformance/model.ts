import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Job } from '../../../src/job/job.ts';
import { isTerminal, JOB_STATUSES, type JobStatus } from '../../../src/job/status.ts';
import { type JobChange, type Transition, transition } from '../../../src/job/transition.ts';
import { JOB_SORTS } from '../../../src/store/job-sort.ts';
import type { JobFilter, JobPage, JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, requestStop, STOP, SUCCESS, sampleJob, started } from '../sample-jobs.ts';
import { sortJobs } from '../sorted-jobs.ts';
import { behind } from './behind.ts';
import type { OpenStore } from './open-store.ts';

type Command =
  | { kind: 'insert'; job: Job }
  | { kind: 'apply'; id: string; change: JobChange }
  | { kind: 'remove'; id: string };

const someId = fc.constantFrom('a', 'b', 'c', 'Ab', 'a%', 'ж', 'ﬀ', '😀');
const someText = fc.constantFrom('', 'x', 'X_y', 'ab', 'Ж', '%', 'a b', 'abX_y', 'ЖЖ');
const someTime = fc.integer({ min: 0, max: 5 });
const someAttempt = fc.constantFrom('t1', 't2', 't3', 't4', 't5', 't6');
const someChange: fc.Arbitrary<JobChange> = fc.oneof(
  someAttempt.map(handOver),
  someAttempt.map(started),
  fc.constant(requestStop()),
  someAttempt.map((attemptId): JobChange => ({ type: 'withdraw', atMs: 1, attemptId, reason: 'r' })),
  fc
    .tuple(fc.option(someAttempt), fc.constantFrom(SUCCESS, FAILURE, STOP), someTime, fc.nat(1000))
    .map(([attemptId, end, atMs, logBytes]) => ended(attemptId, end, { atMs, logBytes })),
);
const someCommand: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({
      id: someId,
      tenant: fc.constantFrom('t', 'u'),
      submittedAtMs: someTime,
      entrypoint: someText,
      metadata: fc.dictionary(fc.constantFrom('k', 'l'), someText),
    })
    .map(({ id, entrypoint, metadata, ...fields }): Command => {
      return { kind: 'insert', job: sampleJob(id, { ...fields, spec: { entrypoint, metadata } }) };
    }),
  fc.record({ kind: fc.constant('apply' as const), id: someId, change: someChange }),
  fc.record({ kind: fc.constant('apply' as const), id: someId, change: someChange }),
  fc.record({ kind: fc.constant('remove' as const), id: someId }),
);
const someFilter: fc.Arbitrary<JobFilter> = fc.record(
  {
    statuses: fc.subarray([...JOB_STATUSES]),
    tenant: fc.constantFrom('t', 'u'),
    metadata: fc.dictionary(fc.constantFrom('k', 'l'), someText),
    submittedAfterMs: someTime,
    submittedBeforeMs: someTime,
    text: someText,
  },
  { requiredKeys: [] },
);

/** Any sequence of writes, sent in groups that share a tick, does to the store what it does to a list in memory. */
export function describeModel(open: OpenStore): void {
  test('random changes leave what the model says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(someCommand, { minLength: 1, maxLength: 8 }), { maxLength: 8 }),
        fc.array(
          fc.record({ filter: someFilter, sort: fc.constantFrom(...JOB_SORTS), limit: fc.integer({ min: 1, max: 4 }) }),
          { maxLength: 6 },
        ),
        async (groups, queries) => {
          const { store, dispose } = await open();
          try {
            const model = createModel();
            for (const group of groups) {
              const expected = group.map((command) => model.run(command));
              const answers = await Promise.all(group.map((command) => runOnStore(store, command)));
              expect(answers).toEqual(expected);
            }
            for (const { filter, sort, limit } of queries) {
              const left = sortJobs(model.jobs, sort).filter((job) => matches(job, filter));
              let page: JobPage | null = null;
              do {
                page = await store.list({ filter, sort, limit, ...behind(page) });
                expect(page.jobs.map(withoutSeq)).toEqual(left.splice(0, limit).map(withoutSeq));
                expect(page.next === null).toBe(left.length === 0);
              } while (page.next !== null);
            }
            await expectSameTotals(store, model.jobs);
          } finally {
            await dispose();
          }
        },
      ),
      { numRuns: 100 },
    );
  });
}

/** What a write came to, in a form that both sides can be compared in. */
async function runOnStore(store: JobStore, command: Command): Promise<string> {
  try {
    if (command.kind === 'insert') return (await store.insert(command.job)) === null ? 'taken' : 'stored';
    if (command.kind === 'remove') return (await store.remove(command.id)).outcome;
    return describeTransition(await store.apply(command.id, command.change));
  } catch {
    return 'refused';
  }
}

function describeTransition(result: Transition | null): string {
  return result === null ? 'unknown' : `${result.outcome} ${result.job.status} ${result.job.revision}`;
}

function createModel() {
  const jobs: Job[] = [];
  let lastSeq = 0;
  const usedElsewhere = (attemptId: string, id: string) =>
    jobs.some((job) => job.id !== id && job.attempt?.id === attemptId);

  function run(command: Command): string {
    const id = command.kind === 'insert' ? command.job.id : command.id;
    const index = jobs.findIndex((job) => job.id === id);
    const job = jobs[index];
    if (command.kind === 'insert') {
      if (job === undefined) jobs.push({ ...command.job, seq: ++lastSeq });
      return job === undefined ? 'stored' : 'taken';
    }
    if (job === undefined) return 'unknown';
    if (command.kind === 'remove') {
      if (!isTerminal(job.status)) return 'not_ended';
      jobs.splice(index, 1);
      return 'removed';
    }
    try {
      const result = transition(job, command.change);
      const attemptId = result.outcome === 'changed' ? result.job.attempt?.id : undefined;
      if (attemptId !== undefined && usedElsewhere(attemptId, id)) return 'refused';
      if (result.outcome === 'changed') jobs[index] = result.job;
      return describeTransition(result);
    } catch {
      return 'refused';
    }
  }

  return { jobs, run };
}

function matches(job: Job, filter: JobFilter): boolean {
  const { statuses, tenant, metadata = {}, submittedAfterMs, submittedBeforeMs, text = '' } = filter;
  const texts = [job.id, job.spec.entrypoint, ...Object.values(job.spec.metadata)];
  return (
    (statuses === undefined || statuses.includes(job.status)) &&
    (tenant === undefined || job.tenant === tenant) &&
    Object.entries(metadata).every(([key, value]) => job.spec.metadata[key] === value) &&
    (submittedAfterMs === undefined || job.submittedAtMs >= submittedAfterMs) &&
    (submittedBeforeMs === undefined || job.submittedAtMs < submittedBeforeMs) &&
    texts.some((field) => field.toLowerCase().includes(text.toLowerCase()))
  );
}

async function expectSameTotals(store: JobStore, jobs: readonly Job[]): Promise<void> {
  const count = (status: JobStatus) => jobs.filter((job) => job.status === status).length;
  expect(await store.counts()).toEqual(Object.fromEntries(JOB_STATUSES.map((status) => [status, count(status)])));
  const finished = jobs.filter((job) => isTerminal(job.status));
  const logBytes = finished.reduce((sum, job) => sum + job.logBytes, 0);
  expect(await store.storage()).toEqual({ finishedJobs: finished.length, logBytes });
  const byEnd = (await store.listOldestFinished(100)).map(({ id }) => id);
  expect([...byEnd].sort()).toEqual(finished.map(({ id }) => id).sort());
  const unfinished = jobs.filter((job) => !isTerminal(job.status));
  expect((await store.listUnfinished(0, 100)).map(withoutSeq)).toEqual(unfinished.map(withoutSeq));
  for (const { id, revision } of jobs) expect((await store.events(id, 0, 100)).at(-1)?.revision).toBe(revision);
}

function withoutSeq(job: Job): Omit<Job, 'seq'> {
  const { seq: _, ...rest } = job;
  return rest;
}
