import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a load client is told; it runs in a process of its own. */
export interface LoadOrder {
  port: number;
  connections: number;
  requests: number;
  /** Whole requests, as they go over the wire; each connection takes the next one, round and round. */
  payloads: string[];
}

export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Answers by HTTP status. */
  statuses: Record<string, number>;
}

/** Sends requests over keep-alive connections, one at a time on each, and measures every answer. */
export async function load(order: LoadOrder): Promise<LoadResult> {
  const client = fork(fileURLToPath(new URL('./load-client.ts', import.meta.url)), { serialization: 'advanced' });
  client.send(order);
  const [result]: LoadResult[] = (await once(client, 'message')) as [LoadResult];
  if (result === undefined) throw new Error('the load client said nothing');
  return result;
}

/** @param token sent as a bearer token */
export function getRequest(path: string, token?: string): string {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n${authorization}\r\n`;
}

export function postRequest(path: string, body: unknown): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
