import { chmodSync, chownSync, mkdtempSync, statSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSlurmCluster } from '../../scripts/clusters/slurm/start-cluster.ts';
import { type Drover, startDrover } from './drover.ts';

/** One request that slurmrestd was asked. */
export interface SeenRequest {
  /** By {@link performance.now}. */
  at: number;
  method: string;
  path: string;
}

/** A real Slurm, a Drover that gives it jobs, and what it was asked by that. */
export interface SlurmBench {
  drover: Drover;
  seen: SeenRequest[];
  /** Asks slurmrestd itself. */
  ask(method: string, path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

const API = '/slurm/v0.0.38';

/** @param cpusPerNode of its three nodes: a job takes one, whatever the machine has */
export async function openSlurmBench(cpusPerNode: number): Promise<SlurmBench> {
  const cluster = await startSlurmCluster({ cpusPerNode });
  const folder = mkdtempSync(join(cluster.work, 'bench-'));
  chmodSync(folder, 0o755);
  const { uid, gid } = statSync(cluster.work);
  chownSync(folder, uid, gid);
  const seen: SeenRequest[] = [];
  const socket = join(folder, 'slurmrestd');
  const proxy = createServer((incoming, outgoing) => {
    seen.push({ at: performance.now(), method: incoming.method ?? '', path: incoming.url ?? '' });
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: cluster.socket, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(socket, resolve));
  const hpc = { type: 'slurm', url: `unix:${socket}`, user: cluster.user, max_running: 20_000 };
  const drover = await startDrover(join(folder, 'data'), [
    ...['--attempts-dir', join(folder, 'attempts'), '--engines', JSON.stringify({ hpc }), '--default-engine', 'hpc'],
  ]);

  return {
    drover,
    seen,
    ask: (method, path, body) => askSlurm(cluster.socket, method, `${API}${path}`, body),
    async stop() {
      await drover.stop();
      proxy.close();
      proxy.closeAllConnections();
      await cluster.stop();
    },
  };
}

function askSlurm(socketPath: string, method: string, path: string, body?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const asking = request({ socketPath, method, path, headers }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        if (answer.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(`${answer.statusCode}: ${text.slice(0, 300)}`));
      });
    });
    asking.on('error', reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Submits so many `true` straight to slurmrestd, waits until all have ended, and answers how many that were in a second. */
export async function runBareSlurmJobs({ ask }: Pick<SlurmBench, 'ask'>, jobs: number, mark: string): Promise<number> {
  const begin = performance.now();
  let submitted = 0;
  const submitSome = async () => {
    while (submitted < jobs) {
      submitted += 1;
      await ask('POST', '/job/submit', {
        job: {
          ...{ name: mark, no_requeue: true, current_working_directory: '/tmp', standard_output: '/dev/null' },
          environment: { PATH: '/usr/bin:/bin' },
        },
        script: '#!/bin/sh\ntrue\n',
      });
    }
  };
  await Promise.all([submitSome(), submitSome(), submitSome(), submitSome()]);
  for (;;) {
    const { jobs: listed } = (await ask('GET', '/jobs')) as { jobs: { name: string; job_state: string }[] };
    const ended = listed.filter(({ name, job_state }) => name === mark && job_state === 'COMPLETED');
    if (ended.length === jobs) return jobs / ((performance.now() - begin) / 1_000);
    await delay(100);
  }
}
