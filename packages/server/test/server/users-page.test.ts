import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pipVariables, pythonOrSkip } from '../environment/pip/local-wheel.ts';
import { craftZip } from '../environment/zip-bytes.ts';
import { details, ended, logs, running, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

// The page "Query Job Details": its sample answer, from a real archive and a real installation.

const server = useServer();

const FIELDS = [
  'type',
  'entrypoint',
  'submission_id',
  'driver_info',
  'status',
  'start_time',
  'end_time',
  'metadata',
  'runtime_env',
  'driver_agent_http_address',
  'driver_node_id',
  'driver_exit_code',
  'error_type',
];

const SCRIPT = `
import os, pathlib, time, drover_probe
print(drover_probe.ANSWER, os.environ["DEPLOY_REGION"], pathlib.Path("data/words.txt").read_text().strip())
time.sleep(0.2)
`;

describe('GET /api/jobs/{submissionId}', { timeout: 120_000 }, () => {
  it('answers as the page says, for a job with a zip and a pip set', async (ctx) => {
    const { version } = await pythonOrSkip(ctx);
    const pipName = `pip${version.split('.').slice(0, 2).join('.')}`;
    const zip = join(server.directory, 'file.zip');
    const members = [
      { name: 'script_yr_sleep.py', content: SCRIPT },
      { name: 'data/words.txt', content: 'from the archive' },
    ];
    await writeFile(zip, craftZip(members).bytes);
    await server.start([], await pipVariables());

    const began = Math.floor(Date.now() / 1_000);
    const metadata = { autoscenes_ids: 'auto_1-test', task_type: 'task_1', ttl: '1250' };
    const id = await submit(server.url, {
      entrypoint: 'python script_yr_sleep.py',
      metadata,
      runtime_env: {
        working_dir: `file://${zip}`,
        env_vars: { SOURCE_REGION: 'suzhou_std', DEPLOY_REGION: 'suzhou_std' },
        pip: ['drover-probe==1.0'],
      },
    });
    const runtime_env = {
      envVars: '{"DEPLOY_REGION":"suzhou_std","SOURCE_REGION":"suzhou_std"}',
      pip: `${pipName} install drover-probe==1.0 && ${pipName} check`,
      working_dir: `file://${zip}`,
    };
    expect(await details(server.url, id)).toEqual({
      type: 'SUBMISSION',
      entrypoint: 'python script_yr_sleep.py',
      submission_id: id,
      driver_info: { id, node_ip_address: '', pid: '' },
      status: 'PENDING',
      start_time: '',
      end_time: '',
      metadata,
      runtime_env,
      driver_agent_http_address: '',
      driver_node_id: '',
      driver_exit_code: 0,
      error_type: '',
    });

    const job = await ended(server.url, id);
    expect(await logs(server.url, id)).toBe('42 suzhou_std from the archive\n');
    expect(Object.keys(job)).toEqual(FIELDS);
    expect(Object.keys(job.driver_info)).toEqual(['id', 'node_ip_address', 'pid']);
    expect(Object.keys(job.runtime_env)).toEqual(['envVars', 'pip', 'working_dir']);
    expect(job).toMatchObject({ status: 'SUCCEEDED', metadata, runtime_env, driver_exit_code: 0, error_type: '' });
    expect(id).toMatch(/^app-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(job.driver_info.pid).toMatch(/^[1-9]\d*$/);
    expect(job.driver_info.node_ip_address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(job.driver_node_id).toMatch(/-[a-z0-9]{6}$/);
    expect(job.driver_node_id.startsWith(hostname().slice(0, 1).toLowerCase())).toBe(true);
    // Seconds, as strings of digits.
    expect(Number(job.start_time)).toBeGreaterThanOrEqual(began);
    expect(Number(job.end_time)).toBeGreaterThanOrEqual(Number(job.start_time));
    expect(Number(job.end_time)).toBeLessThanOrEqual(Date.now() / 1_000 + 1);
    expect(`${job.start_time} ${job.end_time}`).toMatch(/^\d{10} \d{10}$/);
  });

  it('answers an unknown id with the text of the page', async () => {
    await server.start();
    const response = await fetch(`${server.url}/api/jobs/app-xxxxx`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(
      '"not found app, submissionId: app-xxxxx, err: failed to get appjobInfo, submissionID: app-xxxxx"',
    );
  });

  it('knows pid, node and start time of every job that is RUNNING', async () => {
    await server.start(['--openyuanrong-time-unit', 'milliseconds']);
    const id = await submit(server.url, { entrypoint: 'sleep 100' });
    const job = await running(server.url, id);
    expect(job.driver_info.pid).toMatch(/^\d+$/);
    expect(job.driver_node_id).not.toBe('');
    expect(job.start_time).toMatch(/^\d{13}$/);
    await fetch(`${server.url}/api/jobs/${id}/stop`, { method: 'POST' });
    const end = await ended(server.url, id);
    expect(end).toMatchObject({ status: 'STOPPED', error_type: 'the job was manually stopped' });
    expect(end.end_time).toMatch(/^\d{13}$/);
  });

  it.each([
    ['file:///nowhere/x.zip', /^ENVIRONMENT_FAILED: .*file:\/\/\/nowhere\/x\.zip/],
    ['/nowhere/at/all', /^ENVIRONMENT_FAILED: .*\/nowhere\/at\/all/],
    ['s3://bucket/x.zip', /^ENVIRONMENT_FAILED: .*s3:\/\/bucket\/x\.zip/],
  ])('names a working_dir that cannot be had: %s', async (working_dir, reason) => {
    await server.start();
    const id = await submit(server.url, { entrypoint: 'true', runtime_env: { working_dir } });
    const job = await ended(server.url, id);
    expect(job).toMatchObject({ status: 'FAILED', driver_exit_code: 0, start_time: '', driver_node_id: '' });
    expect(job.error_type).toMatch(reason);
  });
});
