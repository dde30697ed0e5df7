import { describe, expect, it } from 'vitest';
import { createMemoryPackages } from '../../packages/memory-packages.ts';
import { openSocket, parseAnswer, rawRequest, sendRaw, startServer, submitted, until } from '../harness.ts';

describe('what tells of the server', () => {
  it('is a version that the clients know', async () => {
    const { url } = await startServer();
    expect(await (await fetch(`${url}/ray/api/version`)).json()).toEqual({
      ...{ version: '4', ray_version: '2.58.0', ray_commit: 'drover-1.2.3', session_name: 'session_node2-744947' },
    });
  });

  it('is whether anything is at work', async () => {
    const { url, service } = await startServer();
    const driver = async () => (await (await fetch(`${url}/ray/api/component_activities?timeout=5`)).json()).driver;
    expect(await driver()).toMatchObject({ is_active: 'INACTIVE', reason: null, last_activity_at: null });
    await submitted(service);
    const active = await driver();
    expect(active).toMatchObject({ is_active: 'ACTIVE', reason: 'Number of active drivers: 1' });
    expect(Math.abs(active.timestamp - Date.now() / 1000)).toBeLessThan(60);
  });

  it('answers probes and unknown paths as text', async () => {
    const { url } = await startServer();
    expect(await (await fetch(`${url}/ray/api/gcs_healthz`)).text()).toBe('success');
    const unknown = await fetch(`${url}/ray/api/nothing`);
    expect([unknown.status, await unknown.text()]).toEqual([404, '404: Not Found']);
    const wrong = await fetch(`${url}/ray/api/jobs/`, { method: 'PUT' });
    expect([wrong.status, await wrong.text()]).toEqual([405, '405: Method Not Allowed']);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('a browser', () => {
  it.each([{ 'user-agent': 'Mozilla/5.0' }, { referer: 'http://localhost/' }])(
    'with %j may look and not touch',
    async (headers) => {
      const { url } = await startServer();
      expect((await fetch(`${url}/ray/api/jobs/`, { headers })).status).toBe(200);
      const answer = await fetch(`${url}/ray/api/jobs/`, { method: 'POST', body: '{"entrypoint":"ls"}', headers });
      expect([answer.status, await answer.text()]).toEqual([405, "'POST' method not allowed for browser traffic."]);
    },
  );

  it('on another site gets nothing, not even a log by websocket', async () => {
    const { url, port, service } = await startServer();
    const headers = { origin: 'http://evil.example' };
    expect((await fetch(`${url}/ray/api/jobs/`, { headers })).status).toBe(403);
    await submitted(service, { id: 'j' });
    const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = await openSocket(port);
    const lines = ['GET /ray/api/jobs/j/logs/tail HTTP/1.1', 'Host: localhost', 'Origin: http://evil.example'];
    socket.write(`${[...lines, ...upgrade, key].join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const piece of socket) text += piece.toString('latin1');
    expect(parseAnswer(text).status).toBe(403);
  });
});

describe('a token', () => {
  const start = () => startServer({ readToken: () => 's3cret' });

  it.each([
    [{}, 401, 'Unauthorized: Missing authentication token'],
    [{ authorization: 'Bearer wrong' }, 403, 'Forbidden: Invalid authentication token'],
    [{ authorization: 'bearer s3cret' }, 403, 'Forbidden: Invalid authentication token'],
    [
      { authorization: 'Bearer wrong', 'x-ray-authorization': 'Bearer s3cret' },
      403,
      'Forbidden: Invalid authentication token',
    ],
    [{ cookie: 'ray-authentication-token=nope' }, 403, 'Forbidden: Invalid authentication token'],
  ])('of %j is refused with %i', async (headers, status, text) => {
    const { url } = await start();
    const answer = await fetch(`${url}/ray/api/version`, { headers });
    expect([answer.status, await answer.text()]).toEqual([status, text]);
    const login = await fetch(`${url}/ray/api/authenticate`, { method: 'POST', headers });
    expect([login.status, await login.text()]).toEqual([status, text]);
  });

  it('is taken from either header or the cookie', async () => {
    const { url } = await start();
    for (const headers of [
      { authorization: 'Bearer s3cret' },
      { 'x-ray-authorization': 'Bearer s3cret' },
      { cookie: 'a=b; ray-authentication-token=s3cret' },
    ]) {
      expect((await fetch(`${url}/ray/api/version`, { headers })).status).toBe(200);
    }
  });

  it('can be shown once for a cookie, and its need is told to all', async () => {
    const { url } = await start();
    expect(await (await fetch(`${url}/ray/api/authentication_mode`)).json()).toEqual({ authentication_mode: 'token' });
    expect((await fetch(`${url}/ray/api/gcs_healthz`)).status).toBe(200);
    const headers = { authorization: 'Bearer s3cret' };
    const answer = await fetch(`${url}/ray/api/authenticate`, { method: 'POST', headers });
    expect(await answer.json()).toEqual({ status: 'authenticated', message: 'Token is valid' });
    expect(answer.headers.get('set-cookie')).toBe(
      'ray-authentication-token=s3cret; HttpOnly; SameSite=Strict; Path=/; Max-Age=2592000',
    );
  });

  it('is wanted before a websocket is opened', async () => {
    const { port } = await start();
    const lines = ['Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade'];
    const socket = await openSocket(port);
    socket.write(`GET /ray/api/jobs/j/logs/tail HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    await until(() => text.includes('Missing authentication token'));
    expect(parseAnswer(text).status).toBe(401);
  });
});

describe('packages', () => {
  it('are found after they were put', async () => {
    const { url } = await startServer();
    const address = `${url}/ray/api/packages/gcs/_ray_pkg_1.zip`;
    const absent = await fetch(address);
    expect([absent.status, await absent.text()]).toEqual([404, 'Package gcs://_ray_pkg_1.zip does not exist']);
    for (const attempt of [1, 2]) {
      const put = await fetch(address, { method: 'PUT', body: Buffer.from(`bytes ${attempt}`) });
      expect([put.status, await put.text()]).toEqual([200, '']);
    }
    expect((await fetch(address)).status).toBe(200);
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
  });

  it('have a limit, a protocol and a name', async () => {
    const { url } = await startServer({ packages: createMemoryPackages(10) });
    const large = await fetch(`${url}/ray/api/packages/gcs/p.zip`, { method: 'PUT', body: 'x'.repeat(11) });
    expect([large.status, await large.text()]).toEqual([413, 'Maximum request body size 10 exceeded.']);
    expect((await fetch(`${url}/ray/api/packages/s3/p.zip`)).status).toBe(400);
    expect((await fetch(`${url}/ray/api/packages/one_segment`)).status).toBe(404);
  });
});

describe('the second port', () => {
  it('has the same API at its root, and nothing else', async () => {
    const { rayUrl, service } = await startServer({ rayPort: 0 });
    await submitted(service, { id: 'j' });
    expect(await (await fetch(`${rayUrl}/api/jobs/j`)).json()).toMatchObject({ submission_id: 'j' });
    expect((await fetch(`${rayUrl}/api/v1/jobs`)).status).toBe(404);
    expect(await (await fetch(`${rayUrl}/`)).text()).toBe('404: Not Found');
    service.start('j');
    service.end('j');
    const { openTail } = await import('./open-tail.ts');
    expect(await openTail(rayUrl ?? '', 'j', '/api/jobs').closed).toBe(1000);
  });

  it('has the same guards', async () => {
    const { rayUrl } = await startServer({ rayPort: 0, readToken: () => 's3cret' });
    expect((await fetch(`${rayUrl}/api/version`)).status).toBe(401);
    const port = Number(new URL(rayUrl ?? '').port);
    const foreign = await sendRaw(port, rawRequest('GET /api/version', ['Host: evil.example']));
    expect(foreign.status).toBe(403);
    const absolute = await sendRaw(port, rawRequest('GET http://evil.example/api/version', ['Host: localhost']));
    expect(absolute.status).toBe(403);
  });
});
