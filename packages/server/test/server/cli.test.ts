import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../cli/fixture/run-drover.ts';
import { useCommandLine } from './command-line.ts';
import { ended, running, stop } from './job-api.ts';
import { DROVER, startServer } from './running-server.ts';

// The built command against the built server; every option and every text is tested in test/cli.

const { server, start, run } = useCommandLine();

/** A driver that goes on when the file `go` appears in the folder of the tests. */
const UNTIL_GO = 'until [ -e go ]; do sleep 0.05; done';

beforeEach(() => rm(join(server.directory, 'go'), { force: true }));

const letGo = () => writeFile(join(server.directory, 'go'), '');

describe('drover submit', () => {
  it("--follow writes the driver's output as it comes, and exits as it does", async () => {
    const following = start(
      'submit',
      '--in-place',
      '--working-dir',
      '.',
      '--follow',
      '--',
      `printf 'one\\0'; ${UNTIL_GO}; exit 7`,
    );
    await following.shows('stdout', 'one');
    await letGo();
    const { code, bytes, stderr } = await following.outcome;
    expect({ code, bytes }).toEqual({ code: 7, bytes: Buffer.from('one\0') });
    expect(stderr).toMatch(/^drover: submitted (job-[0-9a-f-]{36})\ndrover: \1 FAILED after .*: ENTRYPOINT_FAILED/);
  });

  it('--wait exits with 125 where no driver could run', async () => {
    const { code, stdout } = await run('submit', '--working-dir', 'file:///nowhere/x.zip', '--wait', '--', 'true');
    expect(code).toBe(125);
    expect(stdout).toMatch(/^job-\S+ FAILED: ENVIRONMENT_FAILED, .*\/nowhere\/x\.zip/);
  });

  it('hands on variables, resources and metadata', async () => {
    const args = ['--env', 'COLOUR=dark red', '--num-cpus', '0.5', '--memory', '64MiB', '--metadata', 'team=blue'];
    const { code, stdout } = await run('submit', ...args, '--id', 'with-all', '--follow', '--', 'echo "$COLOUR"');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'dark red\n' });
    const job = JSON.parse((await run('status', 'with-all', '--json')).stdout);
    expect(job).toMatchObject({
      ...{ id: 'with-all', status: 'SUCCEEDED', metadata: { team: 'blue' }, end: { code: 'NONE', exit_code: 0 } },
      resources: { cpus: 0.5, gpus: 0, memory_bytes: 64 * 2 ** 20, custom: {} },
    });
  });

  it('says which field the server refuses', async () => {
    const { code, stderr } = await run('submit', '--id', '-x', '--', 'true');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^drover: job id '-x' is not allowed: .* \(INVALID_JOB_ID\)\n$/);
  });
});

describe('drover wait', () => {
  it('waits for the end of several jobs, and exits with the first code that is not 0', async () => {
    for (const [id, end] of Object.entries({ 'wait-a': 'true', 'wait-b': 'exit 3', 'wait-c': 'exit 4' })) {
      await run('submit', '--id', id, '--in-place', '--working-dir', '.', '--', `${UNTIL_GO}; ${end}`);
    }
    expect((await run('wait', '--timeout', '100ms', 'wait-a')).code).toBe(124);
    const waiting = start('wait', 'wait-a', 'wait-b', 'wait-c');
    await letGo();
    const { code, stdout } = await waiting.outcome;
    expect(code).toBe(3);
    expect(stdout.match(/^wait-\w+ \w+/gm)).toEqual(['wait-a SUCCEEDED', 'wait-b FAILED', 'wait-c FAILED']);
  });
});

describe('drover list', () => {
  it('shows the newest first, and what the filters let through', async () => {
    for (const id of ['list-1', 'list-2', 'list-3']) {
      await run('submit', '--id', id, '--metadata', `part=${Number(id.at(-1)) % 2}`, '--', 'exit 1');
      await ended(server.url, id);
    }
    const table = (await run('list', '--limit', '2')).stdout.trim().split('\n');
    expect(table.map((line) => line.split(/\s+/)[0])).toEqual(['ID', 'list-3', 'list-2']);
    const filtered = await run('list', '--metadata', 'part=1', '--status', 'FAILED', '--json');
    const ids = filtered.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    expect(ids).toEqual(['list-3', 'list-1']);
  });
});

describe('drover logs', () => {
  it('writes the last lines of a job that has ended', async () => {
    await run('submit', '--id', 'lines', '--wait', '--', 'seq 1000');
    expect((await run('logs', '--tail', '3', 'lines')).stdout).toBe('998\n999\n1000\n');
    expect((await run('logs', 'lines')).stdout.split('\n')).toHaveLength(1001);
  });

  it('-f goes on over a restart of the server: no byte twice, none missing', async () => {
    await run(
      'submit',
      '--id',
      'restarted',
      '--in-place',
      '--working-dir',
      '.',
      '--',
      `seq 2000; ${UNTIL_GO}; seq 2001 4000`,
    );
    const following = start('logs', '-f', 'restarted');
    await following.shows('stdout', '\n2000\n');
    const { port } = new URL(server.url);
    await server.kill();
    await server.start(['--port', port]);
    await letGo();
    const { code, stdout } = await following.outcome;
    expect(code).toBe(0);
    expect(stdout).toBe(Array.from({ length: 4000 }, (_, index) => `${index + 1}\n`).join(''));
  });

  it('leaves the job running on Ctrl-C, says how to come back, and exits with 130', async () => {
    await run('submit', '--id', 'long', '--', 'echo here; sleep 100');
    const following = start('logs', '-f', 'long');
    await following.shows('stdout', 'here\n');
    following.child.kill('SIGINT');
    const { code, stderr } = await following.outcome;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: 'drover: the job goes on; come back with: drover logs -f long\n',
    });
    await running(server.url, 'long');
    await stop(server.url, 'long');
  });
});

describe('drover stop, events and delete', () => {
  it('stop ends the driver, events tells its life, delete removes it', async () => {
    await run('submit', '--id', 'stopped', '--', 'trap "exit 0" TERM; echo ready; while :; do sleep 0.1; done');
    const following = start('submit', '--id', 'other', '--follow', '--', 'sleep 100');
    await running(server.url, 'stopped');
    await following.shows('stderr', 'submitted other');
    await running(server.url, 'other');
    expect((await run('delete', 'stopped')).stderr).toMatch(/^drover: job 'stopped' is RUNNING.*\(JOB_NOT_ENDED\)\n$/);

    const stopped = await run('stop', 'stopped', 'other', '--grace', '5s');
    expect(stopped).toMatchObject({ code: 0, stdout: 'stopped is being stopped\nother is being stopped\n' });
    expect((await following.outcome).stderr).toContain('other STOPPED');
    expect((await run('wait', 'stopped')).stdout).toMatch(/^stopped STOPPED/);
    expect((await run('status', 'stopped')).stdout).toMatch(/^id +stopped\nstatus +STOPPED\n/);

    const history = (await run('events', 'stopped', '--json')).stdout.trim().split('\n');
    const types = history.map((line) => JSON.parse(line).type);
    expect(types).toEqual(['submitted', 'handed_over', 'started', 'stop_requested', 'ended']);

    expect(await run('delete', 'stopped')).toMatchObject({ code: 0, stdout: 'stopped is deleted\n' });
    expect((await run('status', 'stopped')).stderr).toMatch(/^drover: no job has the id 'stopped'/);
  });
});

describe('an id that is not known', () => {
  it('is answered with the ids that look like it', async () => {
    await run('submit', '--id', 'training-run', '--wait', '--', 'true');
    const { code, stdout, stderr } = await run('status', 'trainign-run');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe("drover: no job has the id 'trainign-run'; did you mean 'training-run'?\n");
    const json = JSON.parse((await run('logs', 'training-ru', '--json')).stderr);
    expect(json).toMatchObject({ code: 'JOB_NOT_FOUND', status: 404, similar_ids: ['training-run'] });
  });
});

describe('a server with a token', () => {
  it('serves who names the token file, and tells others how to', async () => {
    const tokenFile = join(server.directory, 'token');
    await writeFile(tokenFile, 'a-token-of-some-length\n', { mode: 0o600 });
    const guarded = await startServer(join(server.directory, 'guarded'), ['--token-file', tokenFile]);
    try {
      const ask = (args: string[], env = {}) =>
        startProgram([DROVER, ...args], { address: guarded.url, cwd: server.directory, env }).outcome;
      const refused = await ask(['list']);
      expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 1, stdout: '' });
      expect(refused.stderr).toMatch(/wants a bearer token.*\n {2}give the server's token with --token-file FILE/);
      expect((await ask(['--token-file', 'token', 'submit', '--wait', '--', 'exit 6'])).code).toBe(6);
      expect((await ask(['list'], { DROVER_TOKEN_FILE: tokenFile })).code).toBe(0);
    } finally {
      await guarded.stop();
    }
  });
});
