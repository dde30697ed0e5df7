import { expect, test } from 'vitest';
import { sendRaw, startServer } from '../harness.ts';

const SCRIPT = '/docs/api-reference.js';

const TOKEN = { readToken: () => 'correct-horse-battery-staple' };

test('the page needs no token, and neither does its script', async () => {
  const { url } = await startServer({ ...TOKEN, isReady: () => false });
  const page = await fetch(`${url}/docs`);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain(`<script src="${SCRIPT}">`);
  expect((await fetch(`${url}/docs/`)).status).toBe(200);
  const script = await fetch(`${url}${SCRIPT}`);
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
  expect(await script.text()).toContain('createApiReference');
});

test('nothing beside the page and its script goes without a token', async () => {
  const { url } = await startServer(TOKEN);
  for (const path of ['/docs/other', '/docsx', '/docs/../api/v1/jobs']) {
    expect((await fetch(`${url}${path}`)).status, path).toBe(401);
  }
});

test('the policy of the page forbids every other host, and scripts in the page', async () => {
  const { url } = await startServer();
  const policy = (await fetch(`${url}/docs`)).headers.get('content-security-policy') ?? '';
  const sources = policy.split('; ').map((directive) => directive.split(' '));
  expect(sources).toContainEqual(['default-src', "'none'"]);
  expect(sources).toContainEqual(['script-src', "'self'"]);
  expect(sources).toContainEqual(['connect-src', "'self'"]);
  expect(policy).not.toMatch(/http|\*|unsafe-eval/);
});

test('the script is sent packed to those who can unpack it, under a tag of its own', async () => {
  const { url } = await startServer();
  const packed = await fetch(`${url}${SCRIPT}`, { headers: { 'accept-encoding': 'gzip' } });
  const plain = await fetch(`${url}${SCRIPT}`, { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
  expect([packed.headers.get('content-encoding'), plain.headers.get('content-encoding')]).toEqual(['gzip', null]);
  expect(packed.headers.get('etag')).not.toBe(plain.headers.get('etag'));
  expect(await packed.text()).toBe(await plain.text());
  const again = await fetch(`${url}${SCRIPT}`, { headers: { 'if-none-match': packed.headers.get('etag') ?? '' } });
  expect(again.status).toBe(304);
});

test('another site may link to the page, and neither show it nor read it', async () => {
  const { port } = await startServer();
  const ask = async (path: string, mode: string, destination: string) => {
    const from = ['Sec-Fetch-Site: cross-site', `Sec-Fetch-Mode: ${mode}`, `Sec-Fetch-Dest: ${destination}`];
    const lines = ['Host: localhost', ...from, 'Connection: close'].join('\r\n');
    return (await sendRaw(port, `GET ${path} HTTP/1.1\r\n${lines}\r\n\r\n`)).status;
  };
  expect(await ask('/docs', 'navigate', 'document')).toBe(200);
  expect(await ask('/docs', 'navigate', 'iframe')).toBe(403);
  expect(await ask('/docs', 'cors', 'empty')).toBe(403);
  expect(await ask(SCRIPT, 'no-cors', 'script')).toBe(403);
});

test('a foreign name does not get the page', async () => {
  const { port } = await startServer();
  const answer = await sendRaw(port, 'GET /docs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
  expect(answer.status).toBe(403);
});
