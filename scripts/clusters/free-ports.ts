import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports of the address that nobody listens on at this moment. */
export async function findFreePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, address));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('a server that listens has a port');
    return bound.port;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
