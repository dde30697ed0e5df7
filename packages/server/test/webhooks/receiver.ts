import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';

/** A message as it came over the wire. */
export interface Received {
  id: string;
  /** `job.ended`. */
  type: string;
  jobId: string;
  headers: IncomingHttpHeaders;
  body: string;
  path: string;
}

/** Answers a message; without an answer the sender waits. */
export type Answering = (message: Received, response: ServerResponse) => void;

export interface TestReceiver {
  url: string;
  port: number;
  /** In the order of their arrival. */
  messages: Received[];
  /** The most that were unanswered at the same time. */
  mostAtOnce(): number;
  answerWith(answering: Answering): void;
  /** Resolves when so many messages have come. */
  has(count: number): Promise<void>;
  /** Breaks all connections and stops listening. */
  close(): Promise<void>;
}

export const accept: Answering = (_message, response) => void response.writeHead(204).end();

export const answer =
  (status: number, headers: Record<string, string> = {}): Answering =>
  (_message, response) =>
    void response.writeHead(status, headers).end();

/** A real server on a free (or the given) port that takes every message until it is told otherwise. */
export async function startReceiver(answering: Answering = accept, port = 0): Promise<TestReceiver> {
  const messages: Received[] = [];
  let current = answering;
  let unanswered = 0;
  let most = 0;
  const server = createServer((request, response) => {
    unanswered += 1;
    most = Math.max(most, unanswered);
    response.once('close', () => {
      unanswered -= 1;
    });
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const { type, data } = JSON.parse(body);
      const message: Received = {
        ...{ id: String(request.headers['webhook-id']), type, jobId: data.job?.id ?? '', body },
        ...{ headers: request.headers, path: request.url ?? '' },
      };
      messages.push(message);
      current(message, response);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${taken}/hook`,
    port: taken,
    messages,
    mostAtOnce: () => most,
    answerWith(next) {
      current = next;
    },
    has: (count) => expect.poll(() => messages.length, { interval: 10 }).toBeGreaterThanOrEqual(count),
    close,
  };
}

/** Whether one of the signatures is right, by the browser's cryptography rather than that of the server. */
export async function isSigned(
  { headers, body }: Pick<Received, 'headers' | 'body'>,
  secret: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey(
    'raw',
    Uint8Array.from(atob(secret.replace('whsec_', '')), (character) => character.charCodeAt(0)),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['verify'],
  );
  const content = new TextEncoder().encode(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  for (const signature of String(headers['webhook-signature']).split(' ')) {
    const [version, text = ''] = signature.split(',');
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    if (version === 'v1' && (await crypto.subtle.verify('HMAC', key, bytes, content))) return true;
  }
  return false;
}
