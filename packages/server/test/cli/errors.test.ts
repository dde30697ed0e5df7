import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sendJson, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { useDirectory } from '../server/use-directory.ts';
import { startFakeApi } from './fixture/fake-api.ts';
import { runDrover } from './fixture/run-drover.ts';

const folder = useDirectory();

function tokenFile(name: string, content: string): string {
  writeFileSync(join(folder.path, name), content);
  return join(folder.path, name);
}

describe('a server that does not answer', () => {
  it('is named, with how to start one', async () => {
    const api = await startFakeApi();
    await api.close();
    const { code, stdout, stderr } = await runDrover(['list'], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `drover: no server answers at ${api.address} (connect ECONNREFUSED 127.0.0.1:${api.port})\n` +
        `  start one with: drover serve --port ${api.port}\n` +
        '  name another one with --address or DROVER_ADDRESS\n',
    );
    const json = await runDrover(['list', '--json'], { address: api.address });
    expect(JSON.parse(json.stderr)).toMatchObject({ code: 'UNREACHABLE' });
  });

  it('speaks no TLS: one plain sentence says so', async () => {
    const api = await startFakeApi();
    const address = api.address.replace('http:', 'https:');
    const { code, stderr } = await runDrover(['list'], { address });
    expect(code).toBe(1);
    expect(stderr.split('\n')[0]).toBe(
      `drover: no server answers at ${address} ` +
        '(TLS failed: wrong version number; perhaps the server there speaks http, not https)',
    );
    expect(stderr).not.toContain('openssl');
  });

  it('is no Drover: that is said', async () => {
    const server = await startHttpServer((_, response) => sendJson(response, { hello: 'world' }));
    const { code, stderr } = await runDrover(['status', 'a'], { address: server.address });
    expect(code).toBe(1);
    expect(stderr).toContain("does not speak Drover's API");
  });
});

describe('an unknown id', () => {
  it('comes with those that are alike', async () => {
    const api = await startFakeApi();
    api.add({ id: 'train-1' });
    for (const args of [
      ['status', 'train-l'],
      ['logs', 'train-l'],
      ['logs', '-f', 'train-l'],
      ['wait', 'train-l'],
      ['stop', 'train-l'],
    ]) {
      const { code, stdout, stderr } = await runDrover(args, { address: api.address });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toBe("drover: no job has the id 'train-l'; did you mean 'train-1'?\n");
    }
  });
});

describe('the token', () => {
  it('is sent from the flag, else from DROVER_TOKEN, else from DROVER_TOKEN_FILE', async () => {
    const api = await startFakeApi({ token: 'right' });
    const { address } = api;
    const right = tokenFile('right', 'right\n');
    const wrong = tokenFile('wrong', 'wrong\n');
    const codeWith = async (args: string[], env: Record<string, string>) =>
      (await runDrover(['list', ...args], { address, env })).code;
    expect(await codeWith([], { DROVER_TOKEN_FILE: right })).toBe(0);
    expect(await codeWith([], { DROVER_TOKEN_FILE: wrong, DROVER_TOKEN: 'right' })).toBe(0);
    expect(await codeWith(['--token-file', right], { DROVER_TOKEN: 'wrong', DROVER_TOKEN_FILE: wrong })).toBe(0);
  });

  it('that is missing or wrong is an error that says how to give one', async () => {
    const { address } = await startFakeApi({ token: 'right' });
    for (const [env, reason] of [
      [{}, 'none was sent'],
      [{ DROVER_TOKEN: 'wrong' }, 'this is another'],
    ] as const) {
      const { code, stderr } = await runDrover(['list'], { address, env });
      expect(code).toBe(1);
      expect(stderr).toBe(
        `drover: this server wants a bearer token: ${reason}\n` +
          "  give the server's token with --token-file FILE, DROVER_TOKEN_FILE or DROVER_TOKEN\n",
      );
    }
  });

  it('that cannot be read or sent is a usage error', async () => {
    for (const args of [
      ['--token-file', '/does/not/exist'],
      ['--token-file', tokenFile('empty', '\n')],
    ]) {
      const { code, stderr } = await runDrover(['list', ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain('token file');
    }
    const { code, stderr } = await runDrover(['list'], { env: { DROVER_TOKEN: 'two\nlines' } });
    expect(code).toBe(2);
    expect(stderr).toContain('characters that cannot stand in a header');
  });
});

describe('usage', () => {
  it.each([
    [['lst'], 'Did you mean list?'],
    [['list', '--limit', '0'], 'at least 1'],
    [['list', '--all', '--limit', '1'], "'--all' cannot be used with option '--limit <n>'"],
    [['list', '--status', 'DONE'], 'Allowed choices are PENDING'],
    [['list', '--since', 'yesterday'], 'how long ago'],
    [['status'], "missing required argument 'id'"],
    [['stop'], 'no jobs are named'],
    [['stop', 'a', '--status', 'PENDING'], 'not both'],
    [['stop', '--all'], '--all without a filter wants --yes'],
    [['list', '--filter', 'team=a'], 'with one of the names status, tenant'],
    [['--address', 'localhost:8888', 'list'], 'must look like http://'],
    [['queue'], 'Usage: drover queue'],
    [['queue', 'lst'], 'Did you mean list?'],
    [['queue', 'pause'], "missing required argument 'name'"],
    [['queue', 'set', 'train'], 'nothing is named that is to change'],
    [['queue', 'set', 'train', '--max-running', 'all'], 'whole number of 0 or more'],
    [['queue', 'create', 'train', '--priority', 'high'], 'It must be a whole number'],
    [['queue', 'create', 'train', '--engine-option', 'qos'], 'must look like KEY=VALUE'],
    [['tenant', 'set', 'blue'], 'nothing is named that is to change'],
    [['tenant', 'set', 'blue', '--memory', 'much'], 'It must be a size'],
    [[], 'Usage: drover'],
  ])('%j is refused with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await runDrover(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it.each([
    [['--json', 'status'], "missing required argument 'id'"],
    [['list', '--limit', '0', '--json'], "option '--limit <n>' argument '0' is invalid. It must be at least 1."],
    [['--json', 'submit', '--num-gpu', '1', '--', 'x'], "unknown option '--num-gpu' (Did you mean --num-gpus?)"],
    [['submit', '--json'], 'there is nothing to run: drover submit [options] -- COMMAND…'],
    [['--json', 'lst'], "unknown command 'lst' (Did you mean list?)"],
    [['--json'], 'no command is named'],
    [['queue', '--json'], 'no command is named'],
    [['queue', '--json', 'show'], "missing required argument 'name'"],
  ])('%j is refused in JSON', async (args, detail) => {
    const { code, stdout, stderr } = await runDrover(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ code: 'USAGE', detail });
  });

  it("is plain where --json stands in the job's own command", async () => {
    const { code, stderr } = await runDrover(['submit', '--num-gpu', '1', '--', 'x', '--json']);
    expect(code).toBe(2);
    expect(stderr).toContain("error: unknown option '--num-gpu'");
  });

  it('that comes from the configuration has a code of its own', async () => {
    const { code, stderr } = await runDrover(['--json', 'serve', '--port', 'x']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'INVALID_CONFIGURATION' });
  });

  it('is shown as an overview of all commands', async () => {
    const { code, stdout } = await runDrover(['--help']);
    expect(code).toBe(0);
    const names = [...stdout.matchAll(/^ {2}([a-z]+)(?:\|[a-z]+)? {2,}/gm)].map((match) => match[1] ?? '');
    expect(names).toEqual(COMMANDS.map(({ name }) => name));
  });

  it.each(COMMANDS)('is shown for $name and what stands behind it, also as `drover help COMMAND`', async (entry) => {
    const below = 'commands' in entry ? entry.commands : [];
    for (const path of [[entry.name], ...below.map(({ name }) => [entry.name, name])]) {
      const { code, stdout } = await runDrover(['help', ...path]);
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: drover ${path.join(' ')}`);
      expect(stdout.split('\n').length).toBeGreaterThan(8);
    }
  });
});
