import type { JsonObject, JsonValue } from '../job/job.ts';
import type { JobStore } from '../store/store.ts';
import { packageNameOf } from './package-name.ts';

const PAGE = 1_000;

/** The uploaded packages that a `runtime_env` names, in `working_dir` and `py_modules`. */
export function packagesOf({ working_dir: workingDir, py_modules: modules }: JsonObject): string[] {
  const uris: (JsonValue | undefined)[] = [workingDir, ...(Array.isArray(modules) ? modules : [])];
  const names = uris.map((uri) => (typeof uri === 'string' ? packageNameOf(uri) : null));
  return names.filter((name) => name !== null);
}

type References = Pick<JobStore, 'listUnfinished'> & { schedules: Pick<JobStore['schedules'], 'schedules'> };

/**
 * Answers which packages are needed by jobs that have not ended, and by those that schedules will submit, for one sweep. They are read when
 * the first question comes: most sweeps find nothing that has expired, and ask none.
 */
export function createReferenceCheck(store: References): (name: string) => Promise<boolean> {
  let reading: Promise<ReadonlySet<string>> | null = null;
  return async (name) => {
    reading ??= readReferences(store);
    return (await reading).has(name);
  };
}

async function readReferences(store: References): Promise<ReadonlySet<string>> {
  const schedules = await store.schedules.schedules();
  const names = new Set(schedules.flatMap(({ schedule: { job } }) => packagesOfBody(job)));
  let seq = 0;
  for (;;) {
    const jobs = await store.listUnfinished(seq, PAGE);
    for (const job of jobs) {
      seq = job.seq;
      for (const name of packagesOf(job.spec.runtimeEnv)) names.add(name);
    }
    if (jobs.length < PAGE) return names;
  }
}

function packagesOfBody({ runtime_env: runtimeEnv = null }: JsonObject): string[] {
  const isObject = typeof runtimeEnv === 'object' && runtimeEnv !== null && !Array.isArray(runtimeEnv);
  return isObject ? packagesOf(runtimeEnv) : [];
}
