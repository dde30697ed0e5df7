import { describe, expect, it } from 'vitest';
import { driverVariables } from '../../src/environment/variables.ts';

const ENTERED = { programs: '/venv/bin', variables: { VIRTUAL_ENV: '/venv' } };

const parts = {
  workingDirectory: '/job',
  environment: null,
  jobVariables: {},
  basePath: '/usr/bin',
  modulePath: [],
};

describe('driverVariables', () => {
  it('names the working directory, and nothing else without need', () => {
    expect(driverVariables(parts)).toEqual({ DROVER_WORKING_DIR: '/job', YR_WORKING_DIR: '/job' });
  });

  it("puts the programs of an environment in front of the engine's", () => {
    expect(driverVariables({ ...parts, environment: ENTERED })).toEqual({
      VIRTUAL_ENV: '/venv',
      PATH: '/venv/bin:/usr/bin',
      DROVER_WORKING_DIR: '/job',
      YR_WORKING_DIR: '/job',
    });
  });

  it("puts them in front of a PATH of the job's as well", () => {
    const jobVariables = { PATH: '/opt/bin', A: 'b' };
    expect(driverVariables({ ...parts, jobVariables })).toMatchObject({ PATH: '/opt/bin', A: 'b' });
    const withEnvironment = driverVariables({ ...parts, jobVariables, environment: ENTERED });
    expect(withEnvironment).toMatchObject({ PATH: '/venv/bin:/opt/bin', A: 'b' });
  });

  it('lets Python look into given folders first, then where the job says', () => {
    const modulePath = ['/job', '/modules/0'];
    expect(driverVariables({ ...parts, modulePath }).PYTHONPATH).toBe('/job:/modules/0');
    const jobVariables = { PYTHONPATH: '/own' };
    expect(driverVariables({ ...parts, modulePath, jobVariables }).PYTHONPATH).toBe('/job:/modules/0:/own');
    expect(driverVariables({ ...parts, jobVariables }).PYTHONPATH).toBe('/own');
  });

  it('never makes an empty entry of PATH, which would be the current directory', () => {
    for (const basePath of ['', undefined]) {
      const { PATH } = driverVariables({ ...parts, basePath, environment: ENTERED });
      expect(PATH).toBe('/venv/bin:/usr/local/bin:/usr/bin:/bin');
    }
  });

  it("lets the job win over its environment, and Drover's own variables over the job", () => {
    const jobVariables = {
      VIRTUAL_ENV: '/own',
      DROVER_JOB_ID: 'forged',
      DROVER_ATTEMPT: '99',
      DROVER_WORKING_DIR: '/forged',
      YR_WORKING_DIR: '/forged',
      DROVER_ADDRESS: 'http://127.0.0.1:8888',
    };
    expect(driverVariables({ ...parts, jobVariables, environment: ENTERED })).toEqual({
      VIRTUAL_ENV: '/own',
      PATH: '/venv/bin:/usr/bin',
      DROVER_ADDRESS: 'http://127.0.0.1:8888',
      DROVER_WORKING_DIR: '/job',
      YR_WORKING_DIR: '/job',
    });
  });
});
