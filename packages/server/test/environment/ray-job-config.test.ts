import { describe, expect, it } from 'vitest';
import { rayJobVariables } from '../../src/environment/ray-job-config.ts';
import { NO_RESOURCES } from '../../src/job/resources.ts';

function job(door: 'ray' | 'native', metadata: Record<string, string> = {}) {
  const spec = { entrypoint: 'true', runtimeEnv: { env_vars: { A: 'b' } }, metadata, resources: NO_RESOURCES };
  return { id: 'j1', door, spec: { ...spec, poolLabels: [], stopGraceMs: 0 } } as const;
}

describe('what Ray tells a driver of its job', () => {
  it('is its runtime environment and its metadata with the id', () => {
    const { RAY_JOB_CONFIG_JSON_ENV_VAR: text = '' } = rayJobVariables(job('ray', { owner: 'ann' }));
    expect(JSON.parse(text)).toEqual({
      runtime_env: { env_vars: { A: 'b' } },
      metadata: { job_submission_id: 'j1', job_name: 'j1', owner: 'ann' },
    });
  });

  it('takes the name that the job has given itself', () => {
    const { RAY_JOB_CONFIG_JSON_ENV_VAR: text = '' } = rayJobVariables(job('ray', { job_name: 'nightly' }));
    expect(JSON.parse(text).metadata).toEqual({ job_submission_id: 'j1', job_name: 'nightly' });
  });

  it('is nothing for jobs of other doors', () => {
    expect(rayJobVariables(job('native'))).toEqual({});
  });

  it('is left out where no process could be started with it', () => {
    expect(rayJobVariables(job('ray', { note: 'x'.repeat(128 * 1024) }))).toEqual({});
  });
});
