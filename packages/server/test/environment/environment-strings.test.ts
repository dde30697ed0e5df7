import { describe, expect, it } from 'vitest';
import { describeEnvironment } from '../../src/environment/environment-strings.ts';
import type { JsonObject } from '../../src/job/job.ts';

describe('describeEnvironment', () => {
  it("gives the three strings of the user's page", () => {
    const runtimeEnv = {
      working_dir: 'file:///home/disk/tk/file.zip',
      pip: ['numpy==1.24', 'scipy==1.11.0'],
      env_vars: { SOURCE_REGION: 'suzhou_std', DEPLOY_REGION: 'suzhou_std' },
    };
    expect(JSON.stringify(describeEnvironment(runtimeEnv, 'pip3.9'))).toBe(
      JSON.stringify({
        envVars: '{"DEPLOY_REGION":"suzhou_std","SOURCE_REGION":"suzhou_std"}',
        pip: 'pip3.9 install numpy==1.24 scipy==1.11.0 && pip3.9 check',
        working_dir: 'file:///home/disk/tk/file.zip',
      }),
    );
  });

  it('gives empty strings for what was not asked for', () => {
    const nothing = { envVars: '', pip: '', working_dir: '' };
    expect(describeEnvironment({}, 'pip3')).toEqual(nothing);
    expect(describeEnvironment({ env_vars: {}, pip: [], working_dir: null }, 'pip3')).toEqual(nothing);
  });

  it('gives strings for jobs of other doors, whatever their form', () => {
    const runtimeEnv: JsonObject = { env_vars: ['x'], pip: 'six', working_dir: 5 };
    expect(describeEnvironment(runtimeEnv, 'pip3')).toEqual({ envVars: '', pip: '', working_dir: '' });
    const object = { pip: { packages: ['six'], pip_check: false } };
    expect(describeEnvironment(object, 'pip3').pip).toBe('pip3 install six');
    object.pip.pip_check = true;
    expect(describeEnvironment(object, 'pip3').pip).toBe('pip3 install six && pip3 check');
  });

  it('sorts names by their bytes and keeps __proto__', () => {
    const runtimeEnv: JsonObject = JSON.parse('{"env_vars": {"b": "2", "__proto__": "p", "B": "1", "A_B": "\\"é\\n"}}');
    expect(describeEnvironment(runtimeEnv, 'pip3').envVars).toBe('{"A_B":"\\"é\\n","B":"1","__proto__":"p","b":"2"}');
  });
});
