import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { PATIENCE_MS } from '../engine/until.ts';
import { type Draft, targetOf } from './draft.ts';

export interface Received {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Of an answer without an end, so much time is listened to. */
const LISTENED_MS = 50;

/** Sends requests as they are; `fetch` would put paths and headers right. */
export interface Exchange {
  send(draft: Draft): Promise<Received>;
  close(): void;
}

export function createExchange(url: string): Exchange {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(url);

  return {
    close: () => agent.destroy(),

    send: (draft) =>
      new Promise((resolve, reject) => {
        const { operation, headers, body } = draft;
        const type = body?.type === undefined || body.type === null ? {} : { 'Content-Type': body.type };
        const length =
          operation.method === 'GET' || operation.method === 'HEAD'
            ? {}
            : { 'Content-Length': body?.bytes.length ?? 0 };
        const sent = request({
          ...{ agent, hostname, port, method: operation.method, path: targetOf(draft), timeout: PATIENCE_MS },
          headers: { ...headers, ...type, ...length },
        });
        sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
        sent.on('error', reject);
        sent.on('response', (response) => {
          const chunks: Buffer[] = [];
          const finish = () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', finish);
          response.on('error', reject);
          if (!isEndless(draft, response.headers)) return;
          const enough = setTimeout(() => {
            response.removeListener('error', reject).on('error', () => undefined);
            sent.destroy();
            finish();
          }, LISTENED_MS);
          response.on('end', () => clearTimeout(enough));
        });
        sent.end(body?.bytes);
      }),
  };
}

function isEndless({ query }: Draft, headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('text/event-stream') || query.some(([name]) => name === 'follow');
}
