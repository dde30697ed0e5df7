import { expect, test } from 'vitest';
import { renderJobDetails } from '../../../src/http/openyuanrong/job-details.ts';
import type { JobEnd } from '../../../src/job/end.ts';
import type { Job } from '../../../src/job/job.ts';
import { attempt, pendingJob } from '../../job/fixtures.ts';
import { startServer, submitted } from '../harness.ts';

const SETTINGS = { timeUnit: 'seconds', pipName: 'pip3.9' } as const;

const SAMPLE = pendingJob({
  ...{ id: 'app-fe4ee1e5-d24f-4236-be15-7654e3c2229b', status: 'SUCCEEDED', submittedAtMs: 1755484070000 },
  spec: {
    entrypoint: 'python script_yr_sleep.py',
    runtimeEnv: {
      working_dir: 'file:///home/disk/tk/file.zip',
      pip: ['numpy==1.24', 'scipy==1.11.0'],
      env_vars: { SOURCE_REGION: 'suzhou_std', DEPLOY_REGION: 'suzhou_std' },
    },
    metadata: { autoscenes_ids: 'auto_1-test', task_type: 'task_1', ttl: '1250' },
  },
  attempt: {
    ...{ ...attempt(), nodeId: 'node2-744947', nodeAddress: '7.183.38.81' },
    ...{ handedOverAtMs: 1755484076000, driverPid: 748250, startedAtMs: 1755484077999 },
  },
  end: { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 },
  endedAtMs: 1755484140001,
});

const PAGE = `{
"type": "SUBMISSION",
"entrypoint": "python script_yr_sleep.py",
"submission_id": "app-fe4ee1e5-d24f-4236-be15-7654e3c2229b",
"driver_info": {
"id": "app-fe4ee1e5-d24f-4236-be15-7654e3c2229b",
"node_ip_address": "7.183.38.81",
"pid": "748250"
},
"status": "SUCCEEDED",
"start_time": "1755484077",
"end_time": "1755484140",
"metadata": {
"autoscenes_ids": "auto_1-test",
"task_type": "task_1",
"ttl": "1250"
},
"runtime_env": {
"envVars": "{\\"DEPLOY_REGION\\":\\"suzhou_std\\",\\"SOURCE_REGION\\":\\"suzhou_std\\"}",
"pip": "pip3.9 install numpy==1.24 scipy==1.11.0 && pip3.9 check",
"working_dir": "file:///home/disk/tk/file.zip"
},
"driver_agent_http_address": "",
"driver_node_id": "node2-744947",
"driver_exit_code": 0,
"error_type": ""
}`;

function detailsOf(changes: Partial<Job>, settings: Parameters<typeof renderJobDetails>[1] = SETTINGS) {
  return JSON.parse(renderJobDetails({ ...SAMPLE, ...changes }, settings));
}

function ended(end: Partial<JobEnd>, changes: Partial<Job> = {}) {
  const whole: JobEnd = { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'why', exitCode: 1, ...end };
  return detailsOf({ status: whole.status, end: whole, ...changes });
}

test("the sample of openYuanrong's page comes out field for field, in its order", () => {
  expect(renderJobDetails(SAMPLE, SETTINGS)).toBe(JSON.stringify(JSON.parse(PAGE)));
});

test('times are milliseconds where the server is configured so', () => {
  const details = detailsOf({}, { ...SETTINGS, timeUnit: 'milliseconds' });
  expect(details).toMatchObject({ start_time: '1755484077999', end_time: '1755484140001' });
});

test('what is not known yet is an empty text', async () => {
  const { url, service } = await startServer();
  const { id } = await submitted(service);
  const response = await fetch(`${url}/api/jobs/${id}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.json()).toEqual({
    ...{ type: 'SUBMISSION', entrypoint: 'true', submission_id: id, status: 'PENDING' },
    driver_info: { id, node_ip_address: '', pid: '' },
    ...{ start_time: '', end_time: '', metadata: {} },
    runtime_env: { envVars: '', pip: '', working_dir: '/srv/app' },
    ...{ driver_agent_http_address: '', driver_node_id: '', driver_exit_code: 0, error_type: '' },
  });
});

test('RUNNING means that pid, node and start time are set', async () => {
  const { url, service } = await startServer();
  const { id } = await submitted(service);
  service.start(id);
  expect(await (await fetch(`${url}/api/jobs/${id}`)).json()).toMatchObject({
    status: 'RUNNING',
    driver_info: { id, node_ip_address: '7.183.38.81', pid: '748250' },
    driver_node_id: 'node2-744947',
    start_time: expect.stringMatching(/^\d{10}$/),
    ...{ end_time: '', driver_exit_code: 0 },
  });
});

test('an attempt that has no driver yet shows no node', () => {
  const attempt = SAMPLE.attempt === null ? null : { ...SAMPLE.attempt, driverPid: null, startedAtMs: null };
  const details = detailsOf({ status: 'PENDING', attempt, end: null, endedAtMs: null });
  expect(details).toMatchObject({ driver_node_id: '', driver_info: { node_ip_address: '', pid: '' }, start_time: '' });
});

test('a node without an IPv4 address is shown as the loopback', () => {
  const attempt = SAMPLE.attempt === null ? null : { ...SAMPLE.attempt, nodeAddress: 'fe80::1' };
  expect(detailsOf({ attempt }).driver_info.node_ip_address).toBe('127.0.0.1');
});

test('exit code and error type say how it ended', () => {
  expect(ended({ exitCode: 3, message: 'exit code 3' })).toMatchObject({
    driver_exit_code: 3,
    error_type: 'ENTRYPOINT_FAILED: exit code 3',
  });
  expect(ended({ exitCode: 137 })).toMatchObject({ driver_exit_code: 137 });
  expect(ended({ status: 'STOPPED', code: 'STOPPED', exitCode: 143 })).toMatchObject({
    ...{ status: 'STOPPED', driver_exit_code: 143, error_type: 'the job was manually stopped' },
  });
});

test('an unknown end is -1, and 0 where there never was a driver', () => {
  expect(ended({ code: 'DRIVER_LOST', exitCode: null }).driver_exit_code).toBe(-1);
  expect(ended({ status: 'STOPPED', code: 'STOPPED', exitCode: null }).driver_exit_code).toBe(-1);
  expect(ended({ status: 'STOPPED', code: 'STOPPED', exitCode: null }, { attempt: null }).driver_exit_code).toBe(0);
  expect(ended({ code: 'ENVIRONMENT_FAILED', exitCode: null }, { attempt: null }).driver_exit_code).toBe(0);
});

test.each(['app-xxxxx', 'x', 'APP-X', 'a.b_c'])('an unknown id %s is 404 in the words of the page', async (id) => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs/${id}`);
  expect(response.status).toBe(404);
  expect(response.headers.get('x-error-code')).toBe('JOB_NOT_FOUND');
  expect(await response.json()).toBe(
    `not found app, submissionId: ${id}, err: failed to get appjobInfo, submissionID: ${id}`,
  );
});

test('no app- is put in front of the id of a GET', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  expect((await fetch(`${url}/api/jobs/x`)).status).toBe(404);
  expect((await fetch(`${url}/api/jobs/app-x/`)).status).toBe(200);
});
