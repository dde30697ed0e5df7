import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Pieces } from './package-requests.ts';

export interface ExchangeRequest {
  method: string;
  /** Of http or https. */
  url: string;
  headers: Readonly<Record<string, string>>;
  /** The body; a piece has left when the next one is asked for. */
  pieces: Pieces | undefined;
  signal: AbortSignal | undefined;
  /** Makes of what the network did what is thrown. */
  asFailure(error: unknown): unknown;
}

export interface Answer {
  status: number;
  statusText: string;
  body: string;
}

/**
 * One request and its answer, which may come before the body was sent: the rest is not sent then. Redirects are answers too.
 *
 * @throws what `asFailure` makes of a failure; what `pieces` throws, as it is
 */
export async function exchange(request: ExchangeRequest): Promise<Answer> {
  const { method, url, headers, pieces, signal, asFailure } = request;
  const { request: begin } = url.startsWith('https:') ? await import('node:https') : await import('node:http');
  let outgoing: ClientRequest;
  try {
    outgoing = begin(url, { method, headers, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    throw asFailure(error);
  }
  const answer = answerOf(outgoing);
  // Heard of where it is awaited, which may be later.
  answer.catch(() => undefined);
  try {
    if (pieces === undefined || (await sendAll(outgoing, pieces))) outgoing.end();
    return await answer.catch((error: unknown) => {
      throw asFailure(error);
    });
  } finally {
    // Nothing to do where all went well: the connection is kept for the next request.
    if (!outgoing.writableFinished) outgoing.destroy();
  }
}

function answerOf(outgoing: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Stays: an error that comes after the answer must not end the process.
    outgoing.on('error', reject);
    outgoing.once('response', (response) => {
      readText(response).then((body) => {
        resolve({ status: response.statusCode ?? 0, statusText: response.statusMessage ?? '', body });
      }, reject);
    });
  });
}

async function readText(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

/** @returns whether all has left; false where the answer came first, or the connection is lost */
async function sendAll(outgoing: ClientRequest, pieces: Pieces): Promise<boolean> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  outgoing.once('response', end);
  outgoing.once('error', end);
  for await (const piece of pieces) {
    if (isOver || !(await hasLeft(outgoing, piece))) return false;
  }
  return !isOver;
}

/** Waits until the piece is with the operating system: true. False where it is of no interest any more; it may be read still. */
function hasLeft(outgoing: ClientRequest, piece: Uint8Array): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (result: boolean) => {
      outgoing.off('response', giveUp);
      outgoing.off('error', giveUp);
      resolve(result);
    };
    const giveUp = () => settle(false);
    outgoing.once('response', giveUp);
    outgoing.once('error', giveUp);
    outgoing.write(piece, (error) => settle(error === null || error === undefined));
  });
}
