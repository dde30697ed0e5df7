import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

// An import statement would load all that these modules can have, fetch and WebSocket included: 8 MB and 60 ms of every pod.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

/** What a courier needs to know of its server. */
export interface DoorAccess {
  /** Up to and with the attempt's id. */
  url: string;
  token: string;
  podUid: string;
  /** PEM; null: those that Node trusts. */
  ca: string | null;
  /** Aborted when the pod is gone: what the server refuses (it may have forgotten the attempt, too) is not told again then. */
  gone: AbortSignal;
}

export type DoorAgent = InstanceType<typeof http.Agent>;

/** Keeps connections to a server, for as many couriers as share it. */
export function createDoorAgent(url: string): DoorAgent {
  return url.startsWith('https:') ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
}

export interface DoorRequest {
  method: 'GET' | 'POST';
  /** Behind the attempt's id. */
  path: string;
  /** Made anew for each try. */
  json?: () => object;
  bytes?: Buffer;
  signal?: AbortSignal;
}

export interface DoorAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Readable;
}

/** The way to the server. A server that is away for a while is waited for, however long it takes. */
export interface DoorClient {
  /**
   * Asks until there is an answer that is no failure of the server's or of the way to it: one below 400, or 409.
   *
   * @throws where the request was aborted, and where the server refuses what is told of a pod that is gone
   */
  ask(request: DoorRequest): Promise<DoorAnswer>;
}

const SILENT_FOR_MS = 40_000;
/** Of those that say that the request itself is at fault. */
const TO_BE_REPEATED = new Set([408, 429]);
const AGAIN_AFTER_MS = 100;
const AGAIN_AFTER_AT_MOST_MS = 3000;

export function createDoorClient(access: DoorAccess, agent: DoorAgent, warn: (message: string) => void): DoorClient {
  const isSecure = access.url.startsWith('https:');

  function askOnce({ method, path, json, bytes, signal }: DoorRequest): Promise<DoorAnswer> {
    return new Promise((resolve, reject) => {
      const content = json === undefined ? bytes : Buffer.from(JSON.stringify(json()));
      const headers: OutgoingHttpHeaders = {
        authorization: `Bearer ${access.token}`,
        'drover-pod': access.podUid,
        ...(content === undefined ? {} : { 'content-length': content.length }),
        ...(content === undefined
          ? {}
          : { 'content-type': json === undefined ? 'application/octet-stream' : 'application/json' }),
      };
      const options = { method, agent, headers, timeout: SILENT_FOR_MS, ...(signal === undefined ? {} : { signal }) };
      const onAnswer = (answer: IncomingMessage) =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
      const url = `${access.url}/${path}`;
      const request = isSecure
        ? https.request(url, { ...options, ...(access.ca === null ? {} : { ca: access.ca }) }, onAnswer)
        : http.request(url, options, onAnswer);
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('no answer')));
      request.end(content);
    });
  }

  return {
    async ask(request) {
      let waitMs = AGAIN_AFTER_MS;
      let told = '';
      for (;;) {
        let trouble: string;
        let isForgotten = false;
        try {
          const answer = await askOnce(request);
          if (answer.status < 400 || answer.status === 409) return answer;
          trouble = `${request.path}: the server answers ${answer.status}`;
          answer.body.resume();
          isForgotten = answer.status < 500 && !TO_BE_REPEATED.has(answer.status) && access.gone.aborted;
        } catch (error) {
          if (request.signal?.aborted) throw error;
          trouble = `${request.path}: ${error instanceof Error ? error.message : String(error)}`;
        }
        if (isForgotten) throw new Error(trouble);
        if (trouble !== told) warn(trouble);
        told = trouble;
        await delay(waitMs, undefined, request.signal === undefined ? {} : { signal: request.signal });
        waitMs = Math.min(waitMs * 2, AGAIN_AFTER_AT_MOST_MS);
      }
    },
  };
}

/** The JSON of an answer. */
export async function readJson(answer: DoorAnswer): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of answer.body) pieces.push(piece);
  return JSON.parse(Buffer.concat(pieces).toString());
}
