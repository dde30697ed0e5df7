import { describe, expect, it } from 'vitest';
import { CONFIG_KEYS, flagOf } from '../../src/config/keys.ts';
import { useDirectory } from '../server/use-directory.ts';
import { startFakeApi } from './fixture/fake-api.ts';
import { runDrover } from './fixture/run-drover.ts';

const folder = useDirectory();

describe('serve', () => {
  it('has a flag for every key of the configuration', async () => {
    const { stdout } = await runDrover(['serve', '--help']);
    for (const { name } of Object.values(CONFIG_KEYS)) expect(stdout).toContain(`${flagOf(name)} `);
    expect(stdout).toContain('--config ');
  });

  it('tells everything that is wrong with the configuration, and does not start', async () => {
    const args = ['serve', '--port', 'x', '--host', '0.0.0.0', '--max-running', '0'];
    const { code, stdout, stderr } = await runDrover(args, { env: { DROVER_LOGLEVEL: 'info' } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const problems = stderr.trim().split('\n  - ');
    expect(problems).toEqual([
      'drover: the configuration cannot be used:',
      'unknown variable DROVER_LOGLEVEL: did you mean DROVER_LOG_LEVEL?',
      "--port must be a whole number from 0 to 65535, not 'x'",
      "--max-running must be a whole number of at least 1, not '0'",
      expect.stringContaining('0.0.0.0 without a token'),
    ]);
  });

  it('ends with a sentence when the server cannot begin, though half of it had', async () => {
    const { port } = await startFakeApi();
    const { code, stdout, stderr } = await runDrover(['serve', '--port', String(port), '--data-dir', folder.path]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^drover: cannot listen on port \d+ of 127\.0\.0\.1: something listens there already/m);
    expect(stderr).not.toContain('    at ');
  });
});
