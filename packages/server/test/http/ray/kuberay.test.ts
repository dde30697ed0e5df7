import { expect, it } from 'vitest';
import { z } from 'zod';
import { postJson, startServer } from '../harness.ts';

/*
 * KubeRay decodes what it gets into Go structures: a number that is no unsigned integer, or a text where a map belongs, fails the whole
 * answer. Null leaves the field at its zero value, and fields that it does not name are passed over.
 */
const uint64 = z.int().nonnegative().nullable();
const text = z.string().nullable();
const rayJobInfo = z.object({
  ...{ status: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']), entrypoint: z.string() },
  ...{ job_id: text, submission_id: text, message: text, error_type: text, driver_node_id: text },
  ...{ start_time: uint64, end_time: uint64 },
  ...{
    metadata: z.record(z.string(), z.string()).nullable(),
    runtime_env: z.record(z.string(), z.unknown()).nullable(),
  },
});

it('gives KubeRay what it decodes, in every state of a job', async () => {
  const { url, service } = await startServer();
  const jobs = `${url}/ray/api/jobs/`;
  const request = {
    ...{ entrypoint: 'python main.py', submission_id: 'rayjob-x', metadata: { a: 'b' }, entrypoint_num_cpus: 0.5 },
    ...{ runtime_env: { working_dir: 'https://example.org/x.zip' }, entrypoint_resources: { Custom_1: 1 } },
  };
  const submitted = await postJson(jobs, request);
  expect(await submitted.json()).toMatchObject({ job_id: 'rayjob-x' });
  const again = await postJson(jobs, request);
  expect(again.status).toBe(500);
  expect(await again.text()).toContain('Please use a different submission_id');

  const decode = async () => {
    const one = rayJobInfo.parse(await (await fetch(`${jobs}rayjob-x`)).json());
    expect(z.array(rayJobInfo).parse(await (await fetch(jobs)).json())).toEqual([one]);
    return one;
  };
  expect(await decode()).toMatchObject({ status: 'PENDING', end_time: null });
  service.start('rayjob-x');
  expect(await decode()).toMatchObject({ status: 'RUNNING' });
  const stop = await fetch(`${jobs}rayjob-x/stop`, { method: 'POST' });
  expect(z.strictObject({ stopped: z.boolean() }).parse(await stop.json())).toEqual({ stopped: true });
  service.end('rayjob-x');
  expect(await decode()).toMatchObject({ status: 'STOPPED' });
  expect((await fetch(`${jobs}rayjob-y`)).status).toBe(404);
});
