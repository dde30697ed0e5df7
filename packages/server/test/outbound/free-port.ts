import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** From here on Linux gives ports to whoever leaves the choice to it: to other tests, say, that run meanwhile. */
const FIRST_GIVEN = 32_768;

/** A port of 127.0.0.1 that nobody listens on, for one who is told to later. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, FIRST_GIVEN);
    const listener = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      listener.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    listener.close();
    await once(listener, 'close');
    return port;
  }
}
