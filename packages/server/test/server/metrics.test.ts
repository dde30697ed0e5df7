import { beforeEach, describe, expect, it } from 'vitest';
import { runDrover } from '../cli/fixture/run-drover.ts';
import { postJson } from '../http/harness.ts';
import { type ParsedMetric, parseExposition, valuesOf } from '../metrics/parse-exposition.ts';
import { ended, eventually, running, stop, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

const RESOURCES = ['--cpus', '4', '--memory', '1GiB', '--gpu-ids', '0,1', '--custom-resources', 'NPU=4'];

beforeEach(() => server.start(RESOURCES));

async function scrape(): Promise<Map<string, ParsedMetric>> {
  return parseExposition(await (await fetch(`${server.url}/metrics`)).text());
}

async function submitNatively(body: object, headers: Record<string, string> = {}): Promise<void> {
  const answer = await postJson(`${server.url}/api/v1/jobs`, body, headers);
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function read(name: string): Promise<Record<string, number>> {
  return valuesOf(await scrape(), name);
}

/** The value of every metric of the node, without the node's name. */
async function nodeAmounts(): Promise<Record<string, number>> {
  const metrics = await scrape();
  const names = [...metrics.keys()].filter((name) => name.startsWith('drover_node_'));
  return Object.fromEntries(
    names.map((name) => [name.slice('drover_node_'.length), Object.values(valuesOf(metrics, name))[0] ?? Number.NaN]),
  );
}

const NOTHING_IN_USE = {
  ...{ slots_in_use: 0, cpus_in_use: 0, gpus_in_use: 0, memory_in_use_bytes: 0, custom_resources_in_use: 0 },
};

describe('the metrics of a server', () => {
  it('count what happened to jobs, and how long it took', async () => {
    const before = await scrape();
    expect(valuesOf(before, 'drover_jobs_submitted_total')).toEqual({
      'door=openyuanrong': 0,
      'door=ray': 0,
      'door=native': 0,
    });
    expect(new Set(Object.values(valuesOf(before, 'drover_jobs_ended_total')))).toEqual(new Set([0]));
    expect(valuesOf(before, 'drover_job_queue_wait_seconds')).toEqual({ count: 0, sum: 0 });

    const good = await submit(server.url, { entrypoint: 'sleep 0.2' });
    const bad = await submit(server.url, { entrypoint: 'exit 3' });
    const gone = await submit(server.url, { entrypoint: 'true', runtime_env: { working_dir: 'file:///nowhere.zip' } });
    await postJson(`${server.url}/ray/api/jobs/`, { entrypoint: 'sleep 60', submission_id: 'raysubmit_1' });
    await submitNatively({ id: 'native-1', entrypoint: 'sleep 60', resources: { cpus: 4 } });
    await submitNatively({ id: 'native-2', entrypoint: 'true', resources: { cpus: 1 } });
    for (const id of ['raysubmit_1', 'native-1']) await running(server.url, id);
    await eventually('all others are through', async () => (await read('drover_jobs'))['status=PENDING'] === 1);
    // The one that waits ends without a driver.
    for (const id of ['native-2', 'raysubmit_1', 'native-1']) await stop(server.url, id);
    for (const id of [good, bad, gone, 'raysubmit_1', 'native-1', 'native-2']) await ended(server.url, id);
    await fetch(`${server.url}/api/v1/jobs/${bad}`, { method: 'DELETE' });

    const after = await scrape();
    expect(valuesOf(after, 'drover_jobs_submitted_total')).toEqual({
      'door=openyuanrong': 3,
      'door=ray': 1,
      'door=native': 2,
    });
    expect(valuesOf(after, 'drover_jobs_ended_total')).toMatchObject({
      'status=SUCCEEDED,code=NONE': 1,
      'status=FAILED,code=ENTRYPOINT_FAILED': 1,
      'status=FAILED,code=ENVIRONMENT_FAILED': 1,
      'status=FAILED,code=DRIVER_LOST': 0,
      'status=STOPPED,code=STOPPED': 3,
    });
    expect(valuesOf(after, 'drover_jobs')).toEqual({
      ...{ 'status=PENDING': 0, 'status=RUNNING': 0, 'status=SUCCEEDED': 1, 'status=FAILED': 1, 'status=STOPPED': 3 },
    });
    expect(valuesOf(after, 'drover_jobs_removed_total')).toEqual({ '': 1 });
    expect(valuesOf(after, 'drover_attempts_handed_over_total')).toEqual({ '': 4 });
    expect(valuesOf(after, 'drover_job_queue_wait_seconds')).toMatchObject({ count: 4 });
    expect(valuesOf(after, 'drover_attempt_launch_seconds')).toMatchObject({ count: 4 });
    const runs = valuesOf(after, 'drover_attempt_run_seconds');
    expect(runs).toMatchObject({ 'status=SUCCEEDED,count': 1, 'status=FAILED,count': 1, 'status=STOPPED,count': 2 });
    expect(runs['status=SUCCEEDED,sum']).toBeGreaterThan(0.15);
    expect(valuesOf(after, 'drover_environment_preparation_seconds')).toMatchObject({
      'part=attempt,outcome=ready,count': 4,
      'part=attempt,outcome=failed,count': 1,
    });
    const { count: commits = 0 } = valuesOf(after, 'drover_store_commit_seconds');
    const { sum: writes = 0, count: groups } = valuesOf(after, 'drover_store_commit_writes');
    expect(groups).toBe(commits);
    // Six submits, four hand-overs and starts, three stops, six ends and a removal.
    expect(writes).toBeGreaterThanOrEqual(24);
    expect(valuesOf(after, 'drover_store_commit_failures_total')).toEqual({ '': 0 });
  });

  it('count what is tried again, and arrays by their elements', async () => {
    const retried = { id: 'retried', entrypoint: 'exit 3', max_retries: 1, retry_policy: { initial_delay_seconds: 0 } };
    await submitNatively(retried);
    await submitNatively({ id: 'array', entrypoint: 'true', array: { size: 3 } });
    for (const id of ['retried', 'array']) await ended(server.url, id);
    const metrics = await scrape();
    expect(valuesOf(metrics, 'drover_jobs_submitted_total')).toMatchObject({ 'door=native': 2 });
    expect(valuesOf(metrics, 'drover_array_elements_total')).toEqual({ '': 3 });
    expect(valuesOf(metrics, 'drover_attempts_retried_total')).toMatchObject({ 'code=ENTRYPOINT_FAILED': 1 });
    expect(valuesOf(metrics, 'drover_attempts_handed_over_total')).toEqual({ '': 5 });
    expect(valuesOf(metrics, 'drover_jobs_ended_total')).toMatchObject({
      // The array and its elements.
      'status=SUCCEEDED,code=NONE': 4,
      'status=FAILED,code=ENTRYPOINT_FAILED': 1,
    });
    expect(valuesOf(metrics, 'drover_attempt_run_seconds')).toMatchObject({
      'status=SUCCEEDED,count': 3,
      'status=FAILED,count': 2,
    });
    expect(valuesOf(metrics, 'drover_job_queue_wait_seconds')).toMatchObject({ count: 2 });
    expect(valuesOf(metrics, 'drover_tenant_jobs')).toEqual({
      ...{ 'tenant=default,state=waiting': 0, 'tenant=default,state=running': 0 },
    });
  });

  it('show what there is and what of it is in use, and who waits, as the cluster does', async () => {
    const capacity = {
      slots_capacity: 64,
      cpus_capacity: 4,
      gpus_capacity: 2,
      memory_capacity_bytes: 2 ** 30,
      custom_resources_capacity: 4,
    };
    expect(await nodeAmounts()).toEqual({ up: 1, ...capacity, ...NOTHING_IN_USE });
    await postJson(`${server.url}/api/v1/queues`, { name: 'train' });
    const resources = { cpus: 1.5, gpus: 1, memory_bytes: 2 ** 20, custom: { NPU: 3 } };
    for (const id of ['first', 'second']) {
      await submitNatively({ id, entrypoint: 'sleep 60', queue: 'train', resources }, { 'x-tenant-id': 'blue' });
    }
    await running(server.url, 'first');
    const inUse = {
      slots_in_use: 1,
      cpus_in_use: 1.5,
      gpus_in_use: 1,
      memory_in_use_bytes: 2 ** 20,
      custom_resources_in_use: 3,
    };
    expect(await nodeAmounts()).toEqual({ up: 1, ...capacity, ...inUse });
    const load = { 'state=waiting': 1, 'state=running': 1 };
    const of = (label: string) =>
      Object.fromEntries(Object.entries(load).map(([key, value]) => [`${label},${key}`, value]));
    expect(await read('drover_queue_jobs')).toMatchObject({ ...of('queue=train'), 'queue=default,state=waiting': 0 });
    expect(await read('drover_tenant_jobs')).toEqual(of('tenant=blue'));

    const table = await runDrover(['cluster'], { address: server.url });
    expect(table.stdout).toMatch(
      /^NODE +ADDRESS .*\n\S+ +\S+ +local +\S+ +1\/64 +1\.5\/4 +1\/2 +1MiB\/1GiB +NPU 3\/4 +healthy\n$/,
    );
    expect(table.stderr).toBe('drover: 1 running, 1 waiting for their turn\n');
    const { stdout } = await runDrover(['nodes', '--json'], { address: server.url });
    expect(JSON.parse(stdout)).toEqual(await (await fetch(`${server.url}/api/v1/cluster`)).json());
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ waiting: 1, running: 1 },
      nodes: [{ engine: 'local', health: 'healthy', in_use: { running: 1, ...resources } }],
    });

    for (const id of ['second', 'first']) await stop(server.url, id);
    for (const id of ['second', 'first']) await ended(server.url, id);
    expect(await nodeAmounts()).toMatchObject(NOTHING_IN_USE);
  });

  it('count those who follow a log as long as they do', async () => {
    const id = await submit(server.url, { entrypoint: 'echo begun; sleep 60' });
    expect(await read('drover_log_followers')).toEqual({ '': 0 });
    const leaving = new AbortController();
    const follow = await fetch(`${server.url}/api/jobs/${id}/logs?follow=true`, { signal: leaving.signal });
    const reader = follow.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('begun\n');
    const asEvents = { headers: { accept: 'text/event-stream' } };
    const staying = fetch(`${server.url}/api/v1/jobs/${id}/logs?follow=true`, asEvents).then((answer) => answer.text());
    const count = (wanted: number) => async () => (await read('drover_log_followers'))[''] === wanted;
    await eventually('both are counted', count(2));
    leaving.abort();
    await eventually('the one that went is not', count(1));
    await stop(server.url, id);
    expect(await staying).toContain('event: end');
    await eventually('nor is the one that is through', count(0));
  });

  it('begin anew with the server, where they count, and go on where they show what is', async () => {
    await ended(server.url, await submit(server.url, { entrypoint: 'true' }));
    const survivor = await submit(server.url, { entrypoint: 'sleep 60', entrypoint_num_cpus: 1 });
    await running(server.url, survivor);
    await server.kill();
    await server.start();
    expect(await read('drover_jobs')).toMatchObject({ 'status=RUNNING': 1, 'status=SUCCEEDED': 1 });
    expect(await read('drover_queue_jobs')).toMatchObject({ 'queue=default,state=running': 1 });
    expect(await nodeAmounts()).toMatchObject({ slots_in_use: 1, cpus_in_use: 1 });
    expect(await read('drover_attempts_handed_over_total')).toEqual({ '': 0 });
    await stop(server.url, survivor);
    await ended(server.url, survivor);
    expect(await read('drover_jobs_ended_total')).toMatchObject({
      'status=STOPPED,code=STOPPED': 1,
      'status=SUCCEEDED,code=NONE': 0,
    });
    // From its true start, under the server before.
    expect(await read('drover_attempt_run_seconds')).toMatchObject({ 'status=STOPPED,count': 1 });
  });

  it('tell of the server itself', async () => {
    const metrics = await scrape();
    const value = (name: string) => Object.values(valuesOf(metrics, name))[0];
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(30 * 2 ** 20);
    expect(value('process_open_fds')).toBeGreaterThan(10);
    expect(value('process_max_fds')).toBeGreaterThan(value('process_open_fds') ?? 0);
    expect(Math.abs((value('process_start_time_seconds') ?? 0) - Date.now() / 1_000)).toBeLessThan(60);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0.05);
    expect(valuesOf(metrics, 'drover_build_info')).toEqual({ [`version=0.1.0,node_version=${process.version}`]: 1 });
    await eventually('a sample of the lag', async () => ((await read('drover_event_loop_lag_seconds')).count ?? 0) > 0);
    expect((await read('drover_event_loop_active_seconds_total'))['']).toBeGreaterThan(0);
  });
});
