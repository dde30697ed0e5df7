import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const AT_ONCE = 32;

/** Submits drivers that sleep, and waits until all of them run; answers their pids and those of their parents. */
export async function startSleepers(url: string, count: number): Promise<{ drivers: number[]; supervisors: number[] }> {
  const ids: string[] = [];
  const submitNext = async () => {
    while (ids.length < count) {
      const index = ids.push('') - 1;
      const response = await fetch(`${url}/api/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ entrypoint: 'exec sleep 3600', runtime_env: { working_dir: '/tmp' } }),
      });
      ids[index] = ((await response.json()) as { submission_id: string }).submission_id;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, submitNext));
  const drivers: number[] = [];
  for (const id of ids) drivers.push(await pidOf(url, id));
  const supervisors = drivers.map((pid) =>
    Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]),
  );
  return { drivers, supervisors };
}

async function pidOf(url: string, id: string): Promise<number> {
  for (;;) {
    const job = (await (await fetch(`${url}/api/jobs/${id}`)).json()) as {
      status: string;
      driver_info: { pid: string };
    };
    if (job.status === 'RUNNING') return Number(job.driver_info.pid);
    if (job.status !== 'PENDING') throw new Error(`sleeper ${id} is ${job.status}`);
    await delay(20);
  }
}

/** Stops every job that runs, and waits for their ends. */
export async function finishAll(url: string): Promise<void> {
  const running = (await (await fetch(`${url}/api/jobs?status=RUNNING`)).json()) as { submission_id: string }[];
  for (const { submission_id: id } of running) await fetch(`${url}/api/jobs/${id}/stop`, { method: 'POST' });
  for (const { submission_id: id } of running) {
    await (await fetch(`${url}/api/v1/jobs/${id}/wait?timeout=60`)).arrayBuffer();
  }
}
