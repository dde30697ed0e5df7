import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookBody } from '../../packages/server/src/http/native/webhook-body.ts';
import type { Job } from '../../packages/server/src/job/job.ts';
import { openSqliteStore } from '../../packages/server/src/store/sqlite/sqlite-store.ts';

const BATCH = 2_000;

/**
 * A data directory with so many ended jobs, every tenth of them FAILED. It is made once and kept between runs below the
 * temporary directory, since a million jobs take a minute. Searches of it are indexed.
 */
export async function directoryWithStoredJobs(count: number): Promise<string> {
  const directory = join(tmpdir(), `drover-bench-stored-${count}`);
  const marker = join(directory, 'complete');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const store = openSqliteStore({
    path: join(directory, 'jobs.db'),
    onFatal: (error) => {
      throw error;
    },
    outbox: { bodyOf: webhookBody, maxWaiting: 1, maxWaitingBytes: 1 },
  });
  for (let first = 0; first < count && !existsSync(marker); first += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - first) }, (_, index) =>
      store.insert(endedJob(first + index)),
    );
    await Promise.all(batch);
  }
  await store.searchIndexed();
  await store.close();
  mkdirSync(marker, { recursive: true });
  return directory;
}

export function storedJobId(index: number): string {
  return `app-stored-${index}`;
}

/** As jobs of the user's page look: some metadata, some variables, a few requirements. */
function endedJob(index: number): Job {
  const isFailed = index % 10 === 0;
  const submittedAtMs = Date.now() - 3_600_000;
  return {
    seq: 0,
    id: storedJobId(index),
    tenant: '',
    door: 'openyuanrong',
    spec: {
      entrypoint: 'python script_yr_sleep.py',
      runtimeEnv: {
        working_dir: 'file:///home/disk/tk/file.zip',
        env_vars: { SOURCE_REGION: 'suzhou_std', DEPLOY_REGION: 'suzhou_std' },
        pip: ['numpy==1.24', 'scipy==1.11.0'],
      },
      metadata: { autoscenes_ids: 'auto_1-test', task_type: 'task_1', ttl: '1250' },
      resources: { cpus: 1, gpus: 0, memoryBytes: 0, custom: {} },
      poolLabels: [],
      stopGraceMs: 10_000,
    },
    status: isFailed ? 'FAILED' : 'SUCCEEDED',
    revision: 4,
    submittedAtMs,
    attempt: {
      id: `att-${index.toString(16).padStart(20, '0')}`,
      number: 1,
      engine: 'local',
      nodeId: 'node2-744947',
      nodeAddress: '192.0.2.7',
      bootId: '00000000-0000-0000-0000-000000000000',
      handedOverAtMs: submittedAtMs,
      gpus: [],
      workBytes: 0,
      driverPid: 748_250,
      startedAtMs: submittedAtMs,
    },
    array: null,
    metDependencies: [],
    retry: null,
    stop: null,
    end: isFailed
      ? { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'the entrypoint ended with exit code 1', exitCode: 1 }
      : { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 },
    endedAtMs: submittedAtMs + 63_000,
    logBytes: 4_096,
  };
}
