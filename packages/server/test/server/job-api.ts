import { until } from '../engine/until.ts';

/** What `GET /api/jobs/{id}` answers. */
export interface JobDetails {
  type: string;
  entrypoint: string;
  submission_id: string;
  driver_info: { id: string; node_ip_address: string; pid: string };
  status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED';
  start_time: string;
  end_time: string;
  metadata: Record<string, string>;
  runtime_env: { envVars: string; pip: string; working_dir: string };
  driver_agent_http_address: string;
  driver_node_id: string;
  driver_exit_code: number;
  error_type: string;
}

export interface SubmitBody {
  entrypoint: string;
  runtime_env: Record<string, unknown> & { working_dir: string };
  [field: string]: unknown;
}

/** Submits through the openYuanrong door; answers the id. */
export async function submit(url: string, body: Partial<SubmitBody> & { entrypoint: string }): Promise<string> {
  const response = await fetch(`${url}/api/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ runtime_env: { working_dir: '/tmp' }, ...body }),
  });
  const answer = (await response.json()) as { submission_id: string };
  if (response.status !== 200) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
  return answer.submission_id;
}

export async function details(url: string, id: string): Promise<JobDetails> {
  const response = await fetch(`${url}/api/jobs/${id}`);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as JobDetails;
}

/** Waits by the server's own long poll until the job has ended. */
export async function ended(url: string, id: string): Promise<JobDetails> {
  const response = await fetch(`${url}/api/v1/jobs/${id}/wait?timeout=60`);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
  return details(url, id);
}

export async function logs(url: string, id: string): Promise<string> {
  return (await fetch(`${url}/api/jobs/${id}/logs`)).text();
}

export async function stop(url: string, id: string): Promise<unknown> {
  return (await fetch(`${url}/api/jobs/${id}/stop`, { method: 'POST' })).json();
}

/** Looks again until the condition holds; fails with `what` after the deadline. */
export function eventually<T>(what: string, look: () => Promise<T | undefined | false | null>): Promise<T> {
  return until(what, async () => (await look()) ?? null);
}

export function running(url: string, id: string): Promise<JobDetails> {
  return eventually(`job ${id} runs`, async () => {
    const job = await details(url, id);
    if (job.status !== 'RUNNING' && job.status !== 'PENDING')
      throw new Error(`job ${id} is ${job.status}: ${job.error_type}`);
    return job.status === 'RUNNING' && job;
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
