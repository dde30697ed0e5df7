import { setTimeout as delay } from 'node:timers/promises';

interface NativeJob {
  id: string;
  status: string;
}

/** Submits through the native API, and answers the id. */
export async function submitJob(url: string, entrypoint: string, details: object = {}): Promise<string> {
  const response = await fetch(`${url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entrypoint, ...details }),
  });
  if (!response.ok) throw new Error(`the submit was answered with ${response.status}`);
  return ((await response.json()) as NativeJob).id;
}

/** Waits until the job has ended, and throws where it has not SUCCEEDED. */
export async function waitForSuccess(url: string, id: string): Promise<void> {
  for (;;) {
    const job = (await (await fetch(`${url}/api/v1/jobs/${id}/wait?timeout=60`)).json()) as NativeJob;
    if (job.status === 'SUCCEEDED') return;
    if (job.status !== 'RUNNING' && job.status !== 'PENDING')
      throw new Error(`a job did not succeed: ${JSON.stringify(job)}`);
  }
}

export async function waitUntilRunning(url: string, id: string): Promise<void> {
  for (;;) {
    const job = (await (await fetch(`${url}/api/v1/jobs/${id}`)).json()) as NativeJob;
    if (job.status === 'RUNNING') return;
    if (job.status !== 'PENDING') throw new Error(`job ${id} is ${job.status}`);
    await delay(20);
  }
}
