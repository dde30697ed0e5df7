import { expect, test } from 'vitest';
import { startServer } from '../harness.ts';

const TOKEN = 'correct-horse-battery-staple';

async function statusWith(url: string, headers: Record<string, string>): Promise<number> {
  return (await fetch(url, { headers })).status;
}

test.each([
  ['Authorization', `Bearer ${TOKEN}`],
  ['Authorization', `bearer  ${TOKEN}`],
  ['X-Auth', TOKEN],
  ['X-Auth', `Bearer ${TOKEN}`],
  ['X-Ray-Authorization', `Bearer ${TOKEN}`],
])('%s: %s is let in', async (name, value) => {
  const { url } = await startServer({ readToken: () => TOKEN });
  expect(await statusWith(`${url}/api/jobs`, { [name]: value })).toBe(200);
});

test.each([
  ['Authorization', TOKEN],
  ['Authorization', `Basic ${TOKEN}`],
  ['Authorization', `Bearer ${TOKEN}x`],
  ['Authorization', `Bearer ${TOKEN} x`],
  ['Authorization', 'Bearer '],
  ['Authorization', ''],
  ['X-Auth', ''],
  ['X-Auth', TOKEN.toUpperCase()],
  ['X-Ray-Authorization', 'Bearer no'],
  ['Cookie', `token=${TOKEN}`],
])('%s: %s is not', async (name, value) => {
  const { url } = await startServer({ readToken: () => TOKEN });
  expect(await statusWith(`${url}/api/jobs`, { [name]: value })).toBe(401);
});

test('a wrong Authorization is not rescued by a right header of another name', async () => {
  const { url } = await startServer({ readToken: () => TOKEN });
  const headers = { authorization: 'Bearer wrong', 'x-auth': TOKEN, 'x-ray-authorization': `Bearer ${TOKEN}` };
  expect(await statusWith(`${url}/api/jobs`, headers)).toBe(401);
});

test('every path wants it, except those that tell nothing', async () => {
  const { url } = await startServer({ readToken: () => TOKEN });
  for (const path of ['/api/jobs', '/api/jobs/app-x', '/api/jobs/app-x/logs', '/api/v1/version', '/nothing', '/']) {
    expect([path, await statusWith(`${url}${path}`, {})]).toEqual([path, 401]);
  }
  expect(await statusWith(`${url}/healthz`, {})).toBe(200);
  expect(await statusWith(`${url}/readyz`, {})).toBe(200);
});

test('the refusal says how to ask, in the form of its path', async () => {
  const { url } = await startServer({ readToken: () => TOKEN });
  const yuanrong = await fetch(`${url}/api/jobs`);
  expect(yuanrong.headers.get('www-authenticate')).toBe('Bearer realm="drover"');
  expect(await yuanrong.json()).toBe('this server wants a bearer token: the request carries none');
  const native = await fetch(`${url}/api/v1/jobs`, { headers: { 'x-auth': 'wrong' } });
  expect(native.headers.get('www-authenticate')).toBe('Bearer realm="drover"');
  expect(await native.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
});

test('a new token holds from the next request on', async () => {
  let token: string | null = 'first';
  const { url } = await startServer({ readToken: () => token });
  const headers = { 'x-auth': 'first' };
  expect(await statusWith(`${url}/api/jobs`, headers)).toBe(200);
  token = 'second';
  expect(await statusWith(`${url}/api/jobs`, headers)).toBe(401);
  expect(await statusWith(`${url}/api/jobs`, { 'x-auth': 'second' })).toBe(200);
  token = null;
  expect(await statusWith(`${url}/api/jobs`, {})).toBe(200);
});

test('no token that was sent stands in the log', async () => {
  const { url, logLines } = await startServer({ readToken: () => TOKEN });
  await fetch(`${url}/api/jobs?x=${TOKEN}`, { headers: { authorization: `Bearer wrong-${TOKEN}` } });
  expect(JSON.stringify(logLines)).not.toContain(TOKEN);
});
