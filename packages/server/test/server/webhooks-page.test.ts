import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { findFreePorts } from '../../../../scripts/free-ports.ts';
import { signatureHeaders } from '../../src/webhook/secrets.ts';
import { startProgram } from '../cli/fixture/run-drover.ts';
import { ended, eventually, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

// Runs the receivers of docs/webhooks.md as they stand there, against a real server and a forger.

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const server = useServer();

beforeEach(() => server.start(['--allowed-webhook-hosts', '127.0.0.1']));

it.each([
  ['python', 'receiver.py', ['python3']],
  ['js', 'receiver.mjs', ['sh', `${ROOT}scripts/node.sh`]],
])('the receiver in %s prints what the server sends, and refuses the rest', async (language, name, command) => {
  const page = await readFile(`${ROOT}docs/webhooks.md`, 'utf8');
  const [, program = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  const path = join(server.directory, name);
  await writeFile(path, program);
  const [port = 0] = await findFreePorts(1);
  const target = `http://127.0.0.1:${port}/hook`;
  const created = await fetch(`${server.url}/api/v1/webhooks`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ url: target, events: ['job.ended'] }),
  });
  const { id, secret } = (await created.json()) as { id: string; secret: string };
  const receiver = startProgram([...command, path], { env: { SECRET: secret, PORT: String(port) } });
  const tested = async () => {
    const response = await fetch(`${server.url}/api/v1/webhooks/${id}/test`, { method: 'POST' });
    return ((await response.json()) as { delivered: boolean }).delivered;
  };
  await eventually('the receiver is there', tested);

  const jobId = await submit(server.url, { entrypoint: 'true' });
  await ended(server.url, jobId);
  await receiver.shows('stdout', `job.ended ${jobId}\n`);

  const body = JSON.stringify({ type: 'job.ended', data: { job: { id: 'forged' } } });
  const tenMinutesAgo = Date.now() - 600_000;
  const now = String(Math.floor(Date.now() / 1000));
  const forged: Record<string, string>[] = [
    {},
    signatureHeaders({ current: secret, previous: null }, { id: 'msg_1', body }, tenMinutesAgo),
    { 'webhook-id': 'msg_1', 'webhook-timestamp': now },
    { 'webhook-id': 'msg_1', 'webhook-timestamp': now, 'webhook-signature': `v1,${'A'.repeat(43)}=` },
    { 'webhook-id': 'msg_1', 'webhook-timestamp': 'soon', 'webhook-signature': 'v1,A v2,B' },
  ];
  for (const headers of forged) {
    expect((await fetch(target, { method: 'POST', headers, body })).status).toBe(401);
  }
  receiver.child.kill();
  expect((await receiver.outcome).stdout).not.toContain('forged');
});
