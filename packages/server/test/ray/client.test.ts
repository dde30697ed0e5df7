import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { condaLike } from '../environment/conda/conda-programs.ts';
import { useServer } from '../server/use-server.ts';
import { findRayClient, type Outcome, run } from './ray-client.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const PROJECT = join(FIXTURES, 'project');

let client: Awaited<ReturnType<typeof findRayClient>>;
const server = useServer('all');

beforeAll(async () => {
  client = await findRayClient();
  const conda = await condaLike(join(server.directory, 'conda-like'));
  await server.start(['--conda', conda.path]);
}, 300_000);

/** Runs a program of the client's environment, which finds nothing of the tester's own settings. */
function ray(bin: string, program: string, args: string[]): Promise<Outcome> {
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: server.directory, LANG: 'C.UTF-8' };
  return run(join(bin, program), args, { env, timeout: 90_000 });
}

describe("Ray's own SDK", { timeout: 300_000 }, () => {
  it('walks through a job from its upload to its deletion', async (ctx) => {
    if ('missing' in client) return ctx.skip(client.missing);
    const outcome = await ray(client.bin, 'python', [join(FIXTURES, 'sdk.py'), `${server.url}/ray`, PROJECT]);
    expect(outcome.stderr).not.toContain('Traceback');
    const seen = JSON.parse(outcome.stdout.trim().split('\n').at(-1) ?? '');

    expect(seen).toMatchObject({ version: '4', empty: [], id: 'walk', again: true });
    expect(seen.walk).toMatchObject({
      ...{ status: 'SUCCEEDED', message: 'Job finished successfully.', metadata: { team: 'a' }, driver_exit_code: 0 },
      runtime_env: { excludes: ['big.dat'], env_vars: { COLOUR: 'grün' } },
    });
    expect(seen.walk.runtime_env.working_dir).toMatch(/^gcs:\/\/_ray_pkg_[0-9a-f]{16}\.zip$/);
    expect(seen.logs).toContain("grüße aus dem Paket ['main.py', 'pkg'] ['one']\ngrün\n");
    expect(seen.module, seen.module.message).toMatchObject({ status: 'SUCCEEDED' });
    expect(seen.module_logs).toContain('\ngrüße aus dem Paket\n');

    expect(seen.failing).toMatchObject({ status: 'FAILED', driver_exit_code: 10 });
    expect(seen.failing.message).toMatch(/exit code 10, last available logs .*:\nlast words$/s);
    expect(seen.signalled).toMatchObject({ status: 'FAILED', driver_exit_code: -9 });
    expect(seen.binary).toContain('\ncafé \ufffd\ufffd end\n');
    expect(seen.config).toContain('"job_name":"raysubmit_');
    expect(seen.config).toContain('"a":"b"');
    expect(seen.config).toContain('\naddress:.\n');

    expect(seen.tail).toMatch(/Running entrypoint for job raysubmit_.*\nline 1\nline 2\nline 3\nline 4\nline 5\n$/);
    expect(seen.tail_status).toBe(true);
    expect(seen.delete_live).toContain('but it is in a non-terminal state RUNNING.');
    expect([seen.stop, seen.stop_again, seen.delete]).toEqual([true, false, true]);
    expect(seen.stopped).toMatchObject({ status: 'STOPPED', driver_exit_code: null });
    expect(seen.stopped_logs).toContain('\ninterrupted\n');
    expect(seen.unknown).toContain('nonexistent_job does not exist');
    expect(seen.unknown_stop).toContain('nonexistent_job does not exist');
    expect(seen.duplicate).toContain(
      'Job with submission_id walk already exists. Please use a different submission_id.',
    );
    // Nothing of the deleted one.
    expect(seen.listed.length).toBe(8);
  });
});

describe('ray job', { timeout: 300_000 }, () => {
  it('submits, tails, asks, stops and deletes, with the exit codes that scripts know', async (ctx) => {
    if ('missing' in client) return ctx.skip(client.missing);
    const { bin } = client;
    const job = (command: string, ...args: string[]) =>
      ray(bin, 'ray', ['job', command, '--address', `${server.url}/ray`, ...args]);

    const instant = await job('submit', '--submission-id', 'cli', '--', 'bash', '-c', 'echo hello');
    expect([instant.code, instant.stdout.split('hello').length - 1]).toEqual([0, 2]);
    expect(instant.stdout).toContain("Job 'cli' succeeded");
    const failed = await job('submit', '--', 'sh', '-c', 'echo bad; exit 4');
    expect([failed.code, failed.stdout]).toEqual([
      1,
      expect.stringContaining('Job entrypoint command failed with exit code 4'),
    ]);

    const left = await job('submit', '--no-wait', '--submission-id', 'live', '--', 'sleep', '600');
    expect([left.code, left.stdout]).toEqual([0, expect.not.stringContaining('Tailing logs')]);
    expect((await job('list')).stdout).toContain("submission_id='live'");
    const refused = await job('delete', 'live');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('it is in a non-terminal state')]);
    const stopped = await job('stop', 'live');
    expect([stopped.code, stopped.stdout]).toEqual([0, expect.stringContaining("Job 'live' was stopped")]);

    expect((await job('logs', 'cli')).stdout).toMatch(/Running entrypoint for job cli: bash -c 'echo hello'\nhello\n/);
    expect([(await job('status', 'cli')).code, (await job('status', 'nope')).code]).toEqual([0, 1]);
    expect((await job('delete', 'cli')).stdout).toContain("Job 'cli' deleted successfully");
  });

  it('uploads a directory, and the driver finds it', async (ctx) => {
    if ('missing' in client) return ctx.skip(client.missing);
    const submit = ['job', 'submit', '--address', `${server.url}/ray`, '--working-dir', PROJECT];
    const outcome = await ray(client.bin, 'ray', [...submit, '--', 'python3', 'main.py', 'two words']);
    expect(outcome.stdout).toContain("grüße aus dem Paket ['big.dat', 'main.py', 'pkg'] ['two words']");
    expect(outcome.code).toBe(0);
  });

  it('reads an environment.yml, which a program with the command line of conda makes', async (ctx) => {
    if ('missing' in client) return ctx.skip(client.missing);
    const file = join(server.directory, 'environment.yml');
    await writeFile(file, 'name: mine\ndependencies:\n  - empty=1\nvariables:\n  GREETING: from the file\n');
    const submit = ['job', 'submit', '--address', `${server.url}/ray`];
    const runtimeEnv = ['--runtime-env-json', JSON.stringify({ conda: file })];
    const command = ['--', 'sh', '-c', 'echo $GREETING in $CONDA_PREFIX'];
    const outcome = await ray(client.bin, 'ray', [...submit, ...runtimeEnv, ...command]);
    expect(outcome.stdout).toMatch(/^from the file in \/.*\/environments\/[0-9a-f]{32}-[0-9a-f]+\/conda$/m);
    expect(outcome.code).toBe(0);
  });
});
