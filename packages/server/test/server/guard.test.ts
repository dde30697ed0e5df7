import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually, submit } from './job-api.ts';
import { startServer } from './running-server.ts';
import { useServer } from './use-server.ts';

const server = useServer();

const TOKEN = 'the-first-token-of-this-server';

async function startGuarded(): Promise<{ url: string; tokenFile: string }> {
  const tokenFile = join(server.directory, 'token');
  await writeFile(tokenFile, `${TOKEN}\n`, { mode: 0o600 });
  await server.start(['--token-file', tokenFile]);
  return { url: server.url, tokenFile };
}

const statusWith = async (url: string, headers: Record<string, string>) =>
  (await fetch(`${url}/api/jobs`, { headers })).status;

describe('a server with a token', () => {
  it('serves who sends it, by each of the three headers, and nobody else', async () => {
    const { url } = await startGuarded();
    expect(await statusWith(url, {})).toBe(401);
    expect(await statusWith(url, { authorization: 'Bearer wrong' })).toBe(401);
    for (const name of ['authorization', 'x-auth', 'x-ray-authorization']) {
      expect(await statusWith(url, { [name]: `Bearer ${TOKEN}` }), name).toBe(200);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('reads the token again on SIGHUP, and keeps the old one where the new one is no good', async () => {
    const { url, tokenFile } = await startGuarded();
    await writeFile(tokenFile, 'another-token-of-this-server');
    server.process.kill('SIGHUP');
    await eventually('the new token is in force', async () => {
      return (await statusWith(url, { authorization: 'Bearer another-token-of-this-server' })) === 200;
    });
    expect(await statusWith(url, { authorization: `Bearer ${TOKEN}` })).toBe(401);
    await writeFile(tokenFile, 'short');
    server.process.kill('SIGHUP');
    await eventually('the operator is told', async () => server.log().includes('the old token stays in force'));
    expect(await statusWith(url, { authorization: 'Bearer another-token-of-this-server' })).toBe(200);
  });
});

describe('a port that is taken', () => {
  it('is told in a sentence, and starts no job', async () => {
    await server.start();
    const { port } = new URL(server.url);
    await expect(startServer(join(server.directory, 'other'), ['--port', port])).rejects.toThrow(
      new RegExp(`cannot listen on port ${port} of 127\\.0\\.0\\.1: something listens there already`),
    );
  });
});

describe('a server without a token', () => {
  it('refuses to listen beyond loopback', async () => {
    await expect(server.start(['--host', '0.0.0.0'])).rejects.toThrow(/refusing to listen on 0\.0\.0\.0/);
    await server.start(['--host', '0.0.0.0', '--insecure']);
    expect((await fetch(`http://127.0.0.1:${new URL(server.url).port}/healthz`)).status).toBe(200);
  });

  it('refuses what a web page of somebody else could send', async () => {
    await server.start();
    const { url } = server;
    expect(await statusWith(url, { origin: 'https://example.org' })).toBe(403);
    expect(await statusWith(url, { origin: 'null' })).toBe(403);
    expect(await statusWith(url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusWith(url, { origin: url })).toBe(200);
    const { port } = new URL(url);
    const rebound = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({ port, path: '/api/jobs', headers: { host: `example.org:${port}` } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(rebound).toBe(403);
  });

  it('gives a driver nothing of its own environment but the allow-list', async () => {
    await server.start(['--pass-variables', 'PASSED_ON'], {
      SECRET_OF_THE_SERVER: 'secret',
      PASSED_ON: 'yes',
    });
    const { url } = server;
    const id = await submit(url, { entrypoint: 'env' });
    const output = await (await fetch(`${url}/api/jobs/${id}/logs?follow=true`)).text();
    const names = output.split('\n').map((line) => line.split('=')[0]);
    expect(output).not.toContain('secret');
    expect(names).toEqual(
      expect.arrayContaining(['PATH', 'PASSED_ON', 'DROVER_JOB_ID', 'DROVER_ATTEMPT', 'YR_WORKING_DIR']),
    );
    expect(names.filter((name) => name?.startsWith('npm_') || name === 'VITEST')).toEqual([]);
  });
});
