import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** From here on Linux gives ports to whoever leaves the choice to it: to other programs, say, that start meanwhile. */
const FIRST_GIVEN = 32_768;
const LOWEST = 10_000;

/** Ports of the address that nobody listens on at this moment, for who is told to listen there later. */
export async function findFreePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const servers = new Map<number, Server>();
  while (servers.size < count) {
    const port = randomInt(LOWEST, FIRST_GIVEN);
    const server = await listenOn(port, address);
    if (server !== null) servers.set(port, server);
  }
  await Promise.all([...servers.values()].map((server) => once(server.close(), 'close')));
  return [...servers.keys()];
}

/** Null where somebody else listens there. @throws where one cannot listen at that address */
async function listenOn(port: number, address: string): Promise<Server | null> {
  const server = createServer().listen(port, address);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}
