import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { sendRaw, startServer, type TestServer } from '../harness.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

/** A server, and the paths of the native API that its router knows. */
async function startAndListPaths(): Promise<{ server: TestServer; paths: string[] }> {
  const paths = new Set<string>();
  const onFastify = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ url }) => {
      if (url.startsWith('/api/v1')) paths.add(url);
    });
  };
  subscribe('fastify.initialization', onFastify);
  onTestFinished(() => {
    unsubscribe('fastify.initialization', onFastify);
  });
  const server = await startServer();
  return { server, paths: [...paths] };
}

async function describedIn(url: string): Promise<(method: string, path: string) => boolean> {
  const document: { paths: Record<string, Record<string, object>> } = await (
    await fetch(`${url}/api/v1/openapi.json`)
  ).json();
  const templates = Object.entries(document.paths).map(([path, methods]) => ({
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
    // Every GET answers HEAD too, which the document says once.
    methods: Object.keys(methods).flatMap((method) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])),
  }));
  return (method, path) => templates.some(({ pattern, methods }) => pattern.test(path) && methods.includes(method));
}

test('the document describes every route of the native API, and no other', async () => {
  const { server, paths } = await startAndListPaths();
  expect(paths).toContain('/api/v1/jobs/:id');
  const isDescribed = await describedIn(server.url);
  for (const path of paths.map((url) => url.replace(/:\w+/g, 'no-such-thing'))) {
    for (const method of METHODS) {
      const start = `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`;
      const { status } = await sendRaw(server.port, `${start}\r\n`);
      const found = status === 405 ? 'not possible' : 'possible';
      expect(`${method} ${path} is ${found}`).toBe(
        `${method} ${path} is ${isDescribed(method, path) ? 'possible' : 'not possible'}`,
      );
    }
  }
});

test('every path of the document is routed', async () => {
  const { server, paths } = await startAndListPaths();
  const document = await (await fetch(`${server.url}/api/v1/openapi.json`)).json();
  const routed = paths.map((path) => path.replace(/:\w+/g, '{}'));
  const described = Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, '{}'));
  expect(described.toSorted()).toEqual(routed.toSorted());
});

test('a query parameter that is not described is refused, whatever the route', async () => {
  const { server, paths } = await startAndListPaths();
  const isDescribed = await describedIn(server.url);
  for (const path of paths.map((url) => url.replace(/:\w+/g, 'no-such-thing'))) {
    for (const method of METHODS.filter((each) => isDescribed(each, path))) {
      const start = `${method} ${path}?no_such=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`;
      const { status, body } = await sendRaw(server.port, `${start}\r\n`);
      expect([`${method} ${path}`, status]).toEqual([`${method} ${path}`, 400]);
      if (method !== 'HEAD')
        expect(JSON.parse(body)).toMatchObject({ code: 'INVALID_QUERY', detail: expect.stringContaining("'no_such'") });
    }
  }
});
