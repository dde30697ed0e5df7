import { expect, test } from 'vitest';
import { openSocket, startServer, submitted, until } from '../harness.ts';

test.each(['/api/jobs?q=x', '/api/jobs?q=x&limit=5', '/api/v1/jobs?q=x'])(
  'a search whose client goes away is told so: %s',
  async (path) => {
    const { port, service } = await startServer();
    await submitted(service, { id: 'app-x' });
    const { list } = service;
    const signals: AbortSignal[] = [];
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    service.list = async (query, signal) => {
      if (signal !== undefined) signals.push(signal);
      await held;
      return list(query);
    };
    const socket = await openSocket(port);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await until(() => signals.length === 1);
    expect(signals[0]?.aborted).toBe(false);
    socket.destroy();
    await until(() => signals[0]?.aborted === true);
    release();
  },
);
