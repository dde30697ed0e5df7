import { describe, expect, it } from 'vitest';
import { openSocket, parseAnswer, postJson, startServer, until } from '../harness.ts';
import { openTail } from './open-tail.ts';

const SET_UP = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\tINFO job_manager\.py:583 -- Runtime env is setting up\.\n/;

async function start() {
  const server = await startServer();
  const jobs = `${server.url}/ray/api/jobs`;
  await postJson(`${jobs}/`, { entrypoint: 'python3 main.py', submission_id: 'j' });
  const logs = async () => (await fetch(`${jobs}/j/logs`)).json();
  return { ...server, jobs, logs };
}

describe('GET …/logs', () => {
  it('is empty while no driver has begun, and begins with what people look for', async () => {
    const { service, logs } = await start();
    expect(await logs()).toEqual({ logs: '' });
    service.start('j');
    service.output('j').append('hello\n');
    const answer = await logs();
    expect(Object.keys(answer)).toEqual(['logs']);
    expect(answer.logs).toMatch(SET_UP);
    expect(answer.logs.replace(SET_UP, '')).toBe('Running entrypoint for job j: python3 main.py\nhello\n');
  });

  it('is text whatever the bytes are, and whole however long it is', async () => {
    const { service, logs } = await start();
    service.start('j');
    const text = '€"\\\n\u0000😀'.repeat(20_000);
    service.output('j').append(text);
    service.output('j').append(new Uint8Array([0xff, 0xfe, 0x0a]));
    expect((await logs()).logs.split('main.py\n')[1]).toBe(`${text}\ufffd\ufffd\n`);
  });

  it('ends with the reason where no driver could begin', async () => {
    const { service, logs } = await start();
    service.end('j', { status: 'FAILED', code: 'ENVIRONMENT_FAILED', message: 'no such file', exitCode: null });
    const { logs: text } = await logs();
    expect(text).toMatch(SET_UP);
    expect(text).toContain('runtime_env setup failed: Failed to set up runtime environment.\nno such file\n');
    expect(text).not.toContain('Running entrypoint');
  });
});

describe('GET …/logs/tail', () => {
  it('follows from before the start to the end, which is committed before the close', async () => {
    const { service, jobs, url } = await start();
    const tail = openTail(url, 'j');
    await tail.opened;
    service.start('j');
    service.output('j').append('one\n');
    await tail.until('one\n');
    service.output('j').append('two\n');
    await tail.until('two\n');
    service.end('j');
    expect(await tail.closed).toBe(1000);
    expect(await (await fetch(`${jobs}/j`)).json()).toMatchObject({ status: 'SUCCEEDED' });
    expect(tail.text().replace(SET_UP, '')).toBe('Running entrypoint for job j: python3 main.py\none\ntwo\n');
  });

  it('sends text in frames that Go clients can take, and cuts no character', async () => {
    const { service, url } = await start();
    service.start('j');
    // Three bytes each, so that no power of two is a border between two of them.
    const text = '€'.repeat(100_000);
    service.output('j').append(text);
    service.output('j').append(new Uint8Array([0xe2, 0x82]));
    service.end('j');
    const tail = openTail(url, 'j');
    expect(await tail.closed).toBe(1000);
    expect(tail.text().split('main.py\n')[1]).toBe(`${text}\ufffd`);
    expect(tail.frames.every((frame) => Buffer.byteLength(frame) <= 32 * 1024)).toBe(true);
    expect(tail.frames.length).toBeGreaterThan(9);
  });

  it('lets go of the log when its client goes', async () => {
    const { service, url } = await start();
    service.start('j');
    const tail = openTail(url, 'j');
    await tail.until('main.py\n');
    await expect.poll(() => service.output('j').followers).toBe(1);
    tail.close();
    await expect.poll(() => service.output('j').followers).toBe(0);
  });

  it('says that the server goes, so that nobody takes it for the end of the job', async () => {
    const { service, url, close } = await start();
    service.start('j');
    const tail = openTail(url, 'j');
    await tail.until('main.py\n');
    await close();
    expect(await tail.closed).toBe(1001);
  });

  it('is a 404 before the upgrade where there is no such job', async () => {
    const { port } = await start();
    const lines = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    const socket = await openSocket(port);
    socket.write(`GET /ray/api/jobs/nope/logs/tail HTTP/1.1\r\n${[...lines, key].join('\r\n')}\r\n\r\n`);
    let text = '';
    for await (const piece of socket) text += piece.toString('latin1');
    expect(parseAnswer(text)).toMatchObject({ status: 404 });
    expect(text).toContain('Job nope does not exist');
  });

  it('is the only path that becomes a websocket', async () => {
    const { port } = await start();
    const socket = await openSocket(port);
    const lines = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
    socket.write(`GET /ray/api/version HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    let text = '';
    socket.on('data', (piece) => {
      text += piece.toString('latin1');
    });
    await until(() => text.includes('"ray_version"'));
    expect(parseAnswer(text).status).toBe(200);
  });

  it('tells plain requests what it speaks', async () => {
    const { jobs } = await start();
    const answer = await fetch(`${jobs}/j/logs/tail`);
    expect([answer.status, answer.headers.get('upgrade')]).toEqual([426, 'websocket']);
  });
});
