import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadResult } from './http-load.ts';
import { percentile } from './statistics.ts';

// Raw sockets: a client library would take more of the two cores than the server that is measured.
process.once('message', (message) => {
  void run(message as LoadOrder).then((result) => {
    process.send?.(result, () => process.exit(0));
  });
});

async function run({ port, connections, requests, payloads }: LoadOrder): Promise<LoadResult> {
  const latencies: number[] = [];
  const statuses: Record<string, number> = {};
  let sent = 0;
  const begin = performance.now();

  const drive = (socket: Socket) =>
    new Promise<void>((resolve, reject) => {
      let startedAt = 0;
      let received: Buffer = Buffer.alloc(0);
      const next = () => {
        if (sent >= requests) {
          socket.end();
          resolve();
          return;
        }
        const payload = payloads[sent % payloads.length] ?? '';
        sent += 1;
        startedAt = performance.now();
        socket.write(payload);
      };
      socket.on('data', (chunk: Buffer) => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const length = answerLength(received);
        if (length === null || received.length < length) return;
        latencies.push(performance.now() - startedAt);
        const status = received.toString('latin1', 9, 12);
        statuses[status] = (statuses[status] ?? 0) + 1;
        received = received.subarray(length);
        next();
      });
      socket.on('error', reject);
      socket.on('connect', next);
    });

  await Promise.all(
    Array.from({ length: connections }, () => drive(connect({ port, host: '127.0.0.1', noDelay: true }))),
  );
  const seconds = (performance.now() - begin) / 1000;
  return {
    perSecond: latencies.length / seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: percentile(latencies, 1),
    statuses,
  };
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** Length of the answer at the beginning of the buffer; null while its head is not there. */
function answerLength(buffer: Buffer): number | null {
  const headEnd = buffer.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const match = /content-length: (\d+)/i.exec(buffer.toString('latin1', 0, headEnd));
  return headEnd + HEAD_END.length + Number(match?.[1] ?? 0);
}
