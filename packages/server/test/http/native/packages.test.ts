import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMemoryPackages } from '../../packages/memory-packages.ts';
import { openSocket, parseAnswer, startServer, until } from '../harness.ts';

const BYTES = Buffer.from([0, 255, 10, 13, 128]);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

describe('/api/v1/packages/{name}', () => {
  it('takes bytes of any type, tells them again, and is a 404 before', async () => {
    const { url } = await startServer();
    const address = `${url}/api/v1/packages/_ray_pkg_1.tar.gz`;
    const absent = await fetch(address);
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ code: 'PACKAGE_NOT_FOUND' });
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(404);

    const expected = { name: '_ray_pkg_1.tar.gz', uri: 'gcs://_ray_pkg_1.tar.gz', size_bytes: 5, sha256: SHA256 };
    for (const headers of [{}, { 'content-type': 'application/json' }, { 'content-type': 'application/zip' }]) {
      const put = await fetch(address, { method: 'PUT', body: BYTES, headers });
      expect([put.status, await put.json()]).toEqual([200, expected]);
    }
    expect(await (await fetch(address)).json()).toEqual(expected);
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-package-size'), head.headers.get('x-package-sha256')]).toEqual([
      200,
      '5',
      SHA256,
    ]);
  });

  it('takes more than other bodies may have, and an empty one', async () => {
    const { url } = await startServer({ bodyLimitBytes: 10 });
    const big = await fetch(`${url}/api/v1/packages/big`, { method: 'PUT', body: Buffer.alloc(500_000) });
    expect(await big.json()).toMatchObject({ size_bytes: 500_000 });
    const none = await fetch(`${url}/api/v1/packages/none`, { method: 'PUT' });
    expect(await none.json()).toMatchObject({ size_bytes: 0 });
  });

  it('refuses what is too large, be it announced or not, and stays on the connection', async () => {
    const { port } = await startServer({ packages: createMemoryPackages(10) });
    const socket = await openSocket(port);
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    const answers = () => text.split('HTTP/1.1 ').length - 1;
    socket.write('PUT /api/v1/packages/p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 11\r\n\r\n');
    await until(() => answers() === 1);
    socket.write('x'.repeat(11));
    socket.write('PUT /api/v1/packages/p HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write('6\r\nabcdef\r\n6\r\nghijkl\r\n');
    await until(() => answers() === 2);
    socket.write(
      '3\r\nmno\r\n0\r\n\r\nGET /api/v1/packages/p HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    await until(() => socket.readableEnded || socket.destroyed);
    const statuses = text
      .split('HTTP/1.1 ')
      .slice(1)
      .map((answer) => parseAnswer(`HTTP/1.1 ${answer}`).status);
    expect(statuses).toEqual([413, 413, 404]);
    expect(text).toContain('PACKAGE_TOO_LARGE');
  });

  it('keeps nothing of an upload that breaks off, and does not take it for its own fault', async () => {
    const { port, url, logLines } = await startServer();
    const socket = await openSocket(port);
    socket.write('PUT /api/v1/packages/p HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
    socket.end();
    socket.resume();
    await until(() => socket.closed);
    expect((await fetch(`${url}/api/v1/packages/p`)).status).toBe(404);
    expect(logLines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('refuses names, methods and queries that it does not know', async () => {
    const { url } = await startServer();
    const name = await fetch(`${url}/api/v1/packages/a%2Fb`, { method: 'PUT', body: 'x' });
    expect([name.status, await name.json()]).toMatchObject([400, { code: 'INVALID_PACKAGE_NAME' }]);
    const method = await fetch(`${url}/api/v1/packages/a`, { method: 'DELETE' });
    expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
    expect((await fetch(`${url}/api/v1/packages/a?x=1`)).status).toBe(400);
  });
});
