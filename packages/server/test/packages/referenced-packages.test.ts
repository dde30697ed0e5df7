import { expect, it } from 'vitest';
import type { Job, JsonObject } from '../../src/job/job.ts';
import { createReferenceCheck, packagesOf } from '../../src/packages/referenced-packages.ts';
import { newProgress } from '../../src/schedule/progress.ts';
import { sampleJob } from '../store/sample-jobs.ts';
import { sampleSchedule } from '../store/sample-schedules.ts';

it('finds packages in working_dir and py_modules, and nothing else', () => {
  const modules = ['gcs://b.whl', 'file:///c.zip', 7, 'gcs://../d'];
  expect(packagesOf({ working_dir: 'gcs://a.zip', py_modules: modules, pip: ['gcs://e'] })).toEqual(['a.zip', 'b.whl']);
  expect(packagesOf({ working_dir: null, py_modules: 'gcs://a.zip' })).toEqual([]);
  expect(packagesOf({})).toEqual([]);
});

it('reads all pages of unfinished jobs, once, and only when asked', async () => {
  const jobs = Array.from({ length: 2_500 }, (_, index): Job => {
    const runtimeEnv: JsonObject = { working_dir: `gcs://p${index + 1}.zip` };
    const job = sampleJob(`j${index}`);
    return { ...job, seq: index + 1, spec: { ...job.spec, runtimeEnv } };
  });
  const pages: number[] = [];
  const isReferenced = createReferenceCheck({
    schedules: { schedules: async () => [] },
    async listUnfinished(afterSeq, limit) {
      pages.push(afterSeq);
      return jobs.filter(({ seq }) => seq > afterSeq).slice(0, limit);
    },
  });
  expect(pages).toEqual([]);
  expect(await Promise.all(['p1.zip', 'p2500.zip', 'p2501.zip'].map(isReferenced))).toEqual([true, true, false]);
  expect(pages).toEqual([0, 1000, 2000]);
});

it('needs what schedules will need', async () => {
  const bodies: JsonObject[] = [
    { entrypoint: 'true', runtime_env: { working_dir: 'gcs://a.zip', py_modules: ['gcs://b.whl'] } },
    { entrypoint: 'true' },
  ];
  const isReferenced = createReferenceCheck({
    schedules: {
      schedules: async () =>
        bodies.map((job, index) => ({ schedule: sampleSchedule(`s${index}`, { job }), progress: newProgress(0) })),
    },
    listUnfinished: async () => [],
  });
  expect(await Promise.all(['a.zip', 'b.whl', 'c.zip'].map(isReferenced))).toEqual([true, true, false]);
});
