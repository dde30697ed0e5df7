import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ClusterAccess } from './cluster-access.ts';

/** An answer of the cluster's API, whatever its status. */
export interface ClusterAnswer {
  status: number;
  /** Null where it is no JSON. */
  body: unknown;
}

export interface LineReader {
  /** The answer has begun, with status 200. */
  onOpen(): void;
  onLine(line: string): void;
}

/** The few kinds of requests that the engine makes. All reject where no answer comes. */
export interface ClusterClient {
  request(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<ClusterAnswer>;
  /** The bytes of an answer with status 200. Rejects for any other, and where there are very many. */
  readBytes(path: string): Promise<Buffer>;
  /** Gives the lines of an answer as they come. Resolves with its status when it has ended; with another than 200 nothing is given. */
  stream(path: string, reader: LineReader, signal: AbortSignal): Promise<number>;
  close(): void;
}

/** An apiserver that is about to fall over answers late; one that is gone never does. */
const ANSWER_WITHIN_MS = 30_000;
/** Longer than a watch lasts at most, see `watch-collection.ts`. */
const STREAM_SILENT_MS = 320_000;
/** Of what is read as bytes; kubelets keep 10 MiB of what a container prints in a file. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Beside the watches. */
const MOST_CONNECTIONS = 8;

/** Keeps connections. Credentials are asked for at each request, since they change. */
export function createClusterClient(access: ClusterAccess): ClusterClient {
  const isSecure = access.server.startsWith('https:');
  const base = new URL(access.server);
  const limits = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  const agent = isSecure ? new HttpsAgent(limits) : new HttpAgent(limits);
  const streaming = isSecure ? new HttpsAgent() : new HttpAgent();

  function send(path: string, options: RequestOptions, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const token = access.readToken?.();
      const given = {
        ...options,
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port === '' ? (isSecure ? 443 : 80) : Number(base.port),
        path: `${base.pathname === '/' ? '' : base.pathname}${path}`,
        headers: {
          accept: 'application/json',
          // Said here, since Node leaves the length of a DELETE's body out: the cluster would take the request for one without a body.
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(isSecure ? tlsOptions(access) : {}),
      };
      const request = isSecure ? httpsRequest(given, resolve) : httpRequest(given, resolve);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('the cluster does not answer')));
      request.end(body);
    });
  }

  return {
    async request(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await send(path, { method, agent, timeout: ANSWER_WITHIN_MS }, text);
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      return { status: answer.statusCode ?? 0, body: parseJson(Buffer.concat(pieces).toString()) };
    },

    async readBytes(path) {
      const answer = await send(path, { method: 'GET', agent, timeout: ANSWER_WITHIN_MS });
      const pieces: Buffer[] = [];
      let size = 0;
      for await (const piece of answer) {
        size += piece.length;
        if (size > MOST_BYTES) throw new Error(`the cluster answers more than ${MOST_BYTES} bytes`);
        pieces.push(piece);
      }
      if (answer.statusCode !== 200) throw new Error(`the cluster answers ${answer.statusCode}`);
      return Buffer.concat(pieces);
    },

    async stream(path, { onOpen, onLine }, signal) {
      const answer = await send(path, { agent: streaming, timeout: STREAM_SILENT_MS, signal });
      const status = answer.statusCode ?? 0;
      answer.setEncoding('utf8');
      if (status === 200) onOpen();
      let rest = '';
      for await (const piece of answer) {
        if (status !== 200) continue;
        const lines = `${rest}${piece}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      }
      return status;
    },

    close() {
      agent.destroy();
      streaming.destroy();
    },
  };
}

function tlsOptions(access: ClusterAccess) {
  return {
    rejectUnauthorized: access.isServerVerified,
    ...(access.ca === null ? {} : { ca: access.ca }),
    ...(access.tlsServerName === null ? {} : { servername: access.tlsServerName }),
    ...(access.readCertificate?.() ?? {}),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
