import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { PodState } from '../../../src/engine/kubernetes/pod-state.ts';
import { CLUSTER } from './cluster.ts';

const UP = resolve(import.meta.dirname, '../../../../../scripts/clusters/kubernetes/up.sh');

/** Kills a part of the cluster, by its name in `up.sh`; `n1` is a power cut of the node n1. */
export function killDaemon(name: string): void {
  if (CLUSTER === null) throw new Error('nothing of a cluster that was not brought up for the tests may be killed');
  process.kill(Number(readFileSync(join(CLUSTER, 'run', `${name}.pid`), 'utf8')), 'SIGKILL');
}

/** Starts what is dead. Resolves when all nodes are ready. */
export async function startDeadDaemons(): Promise<void> {
  if (CLUSTER === null) throw new Error('there is no cluster that was brought up for the tests');
  await promisify(execFile)('bash', [UP, CLUSTER]);
}

/** Kills all processes of a container, whose node is this machine, as the kernel does that ends it for want of memory. */
export function killContainer(pod: PodState, container: 'driver' | 'courier'): void {
  const isOfContainer = (environment: string[]) =>
    environment.includes(`HOSTNAME=${pod.name}`) &&
    container === (environment.some((entry) => entry.startsWith('DROVER_DOOR=')) ? 'courier' : 'driver');
  const isFirst = (pid: string) => /^NSpid:.*\t1$/m.test(textOf(`/proc/${pid}/status`));
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfContainer(environmentOf(name)));
  const first = pids.find(isFirst);
  if (first === undefined) throw new Error(`the container ${container} of ${pod.name} does not run on this machine`);
  // With the first process all others go at once.
  process.kill(Number(first), 'SIGKILL');
}

function environmentOf(pid: string): string[] {
  return textOf(`/proc/${pid}/environ`).split('\0');
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}
