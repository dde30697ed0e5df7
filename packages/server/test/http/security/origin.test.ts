import { expect, test } from 'vitest';
import { rawRequest, sendRaw, startServer, type TestServer } from '../harness.ts';

async function statusOf({ port }: TestServer, startLine: string, ...lines: string[]): Promise<number> {
  return (await sendRaw(port, rawRequest(startLine, [`Host: 127.0.0.1:${port}`, ...lines]))).status;
}

test('our own origin is served, whatever stands between us and the browser', async () => {
  const server = await startServer({ allowedHosts: ['drover.example'] });
  const own = `http://127.0.0.1:${server.port}`;
  expect(await statusOf(server, 'GET /api/jobs', `Origin: ${own}`, 'Sec-Fetch-Site: same-origin')).toBe(200);
  expect(await statusOf(server, 'POST /api/jobs/app-x/stop', `Origin: ${own}`)).toBe(404);
  const lines = ['Host: drover.example', 'Origin: https://drover.example'];
  expect((await sendRaw(server.port, rawRequest('GET /api/jobs', lines))).status).toBe(200);
});

test.each([
  ...['null', 'http://evil.example', 'http://127.0.0.1', 'http://127.0.0.1:1', 'http://localhost', 'file://', ''],
  ...['chrome-extension://abc', 'http://evil.example, http://127.0.0.1'],
])('the origin %j is refused on every method', async (origin) => {
  const server = await startServer();
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
    for (const path of ['/api/jobs', '/api/jobs/app-x', '/api/v1/jobs', '/healthz', '/', '/nothing']) {
      expect([method, path, await statusOf(server, `${method} ${path}`, `Origin: ${origin}`)]).toEqual([
        method,
        path,
        403,
      ]);
    }
  }
});

test.each(['cross-site', 'same-site', 'strange', 'none, cross-site'])('Sec-Fetch-Site %s is refused', async (site) => {
  const server = await startServer();
  for (const startLine of ['GET /api/jobs', 'GET /api/jobs/app-x', 'POST /api/jobs', 'GET /healthz']) {
    expect(await statusOf(server, startLine, `Sec-Fetch-Site: ${site}`)).toBe(403);
  }
});

test('what the user typed into the address bar is served', async () => {
  const server = await startServer();
  const lines = ['Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
  expect(await statusOf(server, 'GET /api/jobs', ...lines)).toBe(200);
});

test('another site may link to a page, and to nothing else, in no other way', async () => {
  const server = await startServer({ isPage: (path) => path === '/jobs' });
  const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
  // There is no such page yet, but it is looked for.
  expect(await statusOf(server, 'GET /jobs?status=FAILED', ...link)).toBe(404);
  expect(await statusOf(server, 'POST /jobs', ...link)).toBe(403);
  expect(await statusOf(server, 'HEAD /jobs', ...link)).toBe(403);
  expect(await statusOf(server, 'GET /api/jobs', ...link)).toBe(403);
  expect(await statusOf(server, 'GET /jobs', ...link, 'Origin: null')).toBe(403);
  expect(await statusOf(server, 'GET /jobs', ...link.slice(0, 2), 'Sec-Fetch-Dest: iframe')).toBe(403);
  expect(await statusOf(server, 'GET /jobs', 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors')).toBe(403);
});

test('a refused submit is not carried out, and answered in the form of its path', async () => {
  const { url, service } = await startServer();
  for (const path of ['/api/jobs', '/api/v1/jobs']) {
    const response = await fetch(`${url}${path}`, {
      ...{ method: 'POST', body: '{"entrypoint":"true","runtime_env":{"working_dir":"/a"}}' },
      headers: { origin: 'http://evil.example', 'content-type': 'application/json' },
    });
    expect(response.status).toBe(403);
    const body: unknown = await response.json();
    if (path === '/api/jobs') expect(body).toContain('requests from the origin "http://evil.example" are refused');
    else expect(body).toMatchObject({ code: 'ORIGIN_NOT_ALLOWED', status: 403 });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect((await service.counts()).PENDING).toBe(0);
});
