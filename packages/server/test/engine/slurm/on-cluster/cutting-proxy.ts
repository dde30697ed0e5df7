import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';

/** Stands between an engine and slurmrestd, and cuts connections where it hurts. */
export interface CuttingProxy extends AsyncDisposable {
  url: string;
  /** First lines of all requests. */
  requests: string[];
  /** So many answers to submissions to come are thrown away, after slurmrestd has given them. */
  cutSubmissions: number;
}

export async function openCuttingProxy(socket: string, path: string): Promise<CuttingProxy> {
  const requests: string[] = [];
  const proxy: CuttingProxy = {
    url: `unix:${path}`,
    requests,
    cutSubmissions: 0,
    async [Symbol.asyncDispose]() {
      server.close();
      server.unref();
    },
  };
  const server = createServer((client) => {
    const backend = createConnection(socket);
    let cutsNext = false;
    client.on('data', (bytes) => {
      const line = /^(GET|POST|DELETE) \S+/.exec(bytes.toString('latin1'))?.[0];
      if (line !== undefined) requests.push(line);
      if (line?.startsWith('POST') && proxy.cutSubmissions > 0) {
        proxy.cutSubmissions -= 1;
        cutsNext = true;
      }
      backend.write(bytes);
    });
    backend.on('data', (bytes) => {
      if (cutsNext) client.destroy();
      else client.write(bytes);
    });
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  server.listen(path);
  await once(server, 'listening');
  return proxy;
}
