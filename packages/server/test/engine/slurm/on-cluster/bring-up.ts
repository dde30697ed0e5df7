import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { provideSlurm } from '../../../../../../scripts/clusters/slurm/requirements.ts';
import { type SlurmCluster, startSlurmCluster } from '../../../../../../scripts/clusters/slurm/start-cluster.ts';

/** A Slurm that tests may use. */
export interface SlurmForTests {
  /** `unix:` address of a slurmrestd that needs no token; null where there is none. */
  socketUrl: string | null;
  /** slurmrestd that needs one; null where there is none. */
  url: string | null;
  tokenFile: string | null;
  /** Null where it is the tests' own. */
  user: string | null;
  slurmConf: string | null;
  /** Every node sees it, and jobs may write to it. */
  work: string;
  /** Whether it is a cluster of these tests alone, whose partitions and devices they know. */
  isOwn: boolean;
}

declare module 'vitest' {
  interface ProvidedContext {
    slurm: SlurmForTests | null;
  }
}

/**
 * Brings up one cluster for all test files that ask nothing special of it. `DROVER_TEST_SLURM` names a JSON file that tells of an existing
 * one instead, with the fields of {@link SlurmForTests}; those that are not there count as null.
 */
export async function setup(project: TestProject): Promise<void> {
  const existing = process.env.DROVER_TEST_SLURM;
  if (existing) {
    const absent = { socketUrl: null, url: null, tokenFile: null, user: null, slurmConf: null };
    project.provide('slurm', { ...absent, ...JSON.parse(readFileSync(existing, 'utf8')), isOwn: false });
    return;
  }
  const missing = provideSlurm(process.env.DROVER_TEST_INSTALL === '1');
  if (missing !== null) {
    console.warn(`The tests on a real Slurm are skipped: ${missing}.`);
    project.provide('slurm', null);
    return;
  }
  const cluster = await startSlurmCluster();
  ours.push(cluster);
  project.provide('slurm', describeCluster(cluster));
}

export async function teardown(): Promise<void> {
  for (const cluster of ours.splice(0)) await cluster.stop();
}

const ours: SlurmCluster[] = [];

export function describeCluster({ socket, url, tokenFile, user, slurmConf, work }: SlurmCluster): SlurmForTests {
  return { socketUrl: `unix:${socket}`, url, tokenFile, user, slurmConf, work, isOwn: true };
}
