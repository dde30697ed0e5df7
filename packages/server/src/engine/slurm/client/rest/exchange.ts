import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { SlurmError } from '../slurm-client.ts';

/** What is sent to slurmrestd. */
export interface Exchange {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Sent as JSON. */
  body?: unknown;
}

export interface Answer {
  status: number;
  /** The body as it comes in. */
  body: IncomingMessage;
}

/** Connections to one slurmrestd. */
export interface Exchanger {
  send(exchange: Exchange): Promise<Answer>;
  close(): void;
}

/** slurmrestd gives up on a dead controller after some 20 s, and says so. */
const ANSWER_WITHIN_MS = 60_000;
const MOST_CONNECTIONS = 4;

/** @param headers are asked for with each request: a token may have been renewed */
export function createExchanger(
  url: string,
  headers: () => Record<string, string>,
  answerWithinMs = ANSWER_WITHIN_MS,
): Exchanger {
  const socketPath = url.startsWith('unix:') ? url.slice('unix:'.length).replace(/^\/\//, '') : null;
  const base = new URL(socketPath === null ? url : 'http://slurmrestd');
  // An address of IPv6 stands in brackets only there.
  const host = base.hostname.replace(/^\[|\]$/g, '');
  const isSecure = base.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);

  function send({ method, path, body }: Exchange): Promise<Answer> {
    const text = body === undefined ? null : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      let isLate = false;
      const fail = (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        const how = isLate ? ` within ${answerWithinMs / 1000} s` : `: ${message}`;
        reject(new SlurmError('unknown', `slurmrestd at ${url} did not answer${how}`, { cause: error }));
      };
      let sent: Record<string, string>;
      try {
        sent = { accept: 'application/json', ...headers() };
      } catch (error) {
        fail(error);
        return;
      }
      if (text !== null) {
        sent['content-type'] = 'application/json';
        sent['content-length'] = `${Buffer.byteLength(text)}`;
      }
      const request = (isSecure ? requestHttps : requestHttp)(
        {
          agent,
          method,
          path: `${base.pathname.replace(/\/$/, '')}${path}`,
          headers: sent,
          timeout: answerWithinMs,
          ...(socketPath === null ? { host, port: base.port } : { socketPath }),
        },
        (response) => {
          const { statusCode = 0, socket } = response;
          // slurmrestd closes a connection after an error without having said so; the next request would be lost on it.
          if (statusCode >= 400) response.once('end', () => socket.destroy());
          resolve({ status: statusCode, body: response });
        },
      );
      request.on('timeout', () => {
        isLate = true;
        request.destroy();
      });
      request.on('error', fail);
      request.end(text ?? undefined);
    });
  }

  return { send, close: () => agent.destroy() };
}

/** The rest of an answer as text. */
export async function readText({ body }: Answer): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of body) chunks.push(chunk);
  } catch (error) {
    throw new SlurmError('unknown', 'the answer of slurmrestd was cut off', { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8');
}
