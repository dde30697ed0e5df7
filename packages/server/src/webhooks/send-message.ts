import type { IncomingMessage } from 'node:http';
import { reasonOf } from '../errors/system-error.ts';
import type { KeptConnections } from '../outbound/kept-connections.ts';
import { requestPinned } from '../outbound/pinned-request.ts';
import type { DeliveryAttempt } from '../webhook/delivery.ts';
import { signatureHeaders } from '../webhook/secrets.ts';
import type { Webhook } from '../webhook/webhook.ts';
import { findTarget, type TargetRules } from './webhook-target.ts';

export interface Message {
  /** The same each time that it is sent. */
  id: string;
  /** JSON. */
  body: string;
}

/** What a message was answered with. */
export interface MessageAnswer extends DeliveryAttempt {
  /** The beginning of the answer's body. */
  excerpt: string;
}

/** Sends once. Never rejects: what goes wrong is the answer's `problem`. */
export type SendMessage = (webhook: Webhook, message: Message, signal: AbortSignal) => Promise<MessageAnswer>;

export interface SendOptions {
  rules: TargetRules;
  connections: Pick<KeptConnections, 'agentFor'>;
  /** From the look-up of the name to the end of the answer. */
  timeoutMs: number;
  now: () => number;
}

const EXCERPT_BYTES = 1024;

export function createSendMessage({ rules, connections, timeoutMs, now }: SendOptions): SendMessage {
  async function ask(webhook: Webhook, message: Message, signal: AbortSignal): Promise<IncomingMessage> {
    const url = new URL(webhook.url);
    const target = await orAborted(findTarget(url, rules), signal);
    if (target.outcome !== 'allowed') throw new Error(target.problem);
    const headers = { 'content-type': 'application/json', ...signatureHeaders(webhook.secrets, message, now()) };
    const { addresses } = target;
    const { body } = message;
    const agent = connections.agentFor(url);
    return requestPinned({ url, addresses, agent, method: 'POST', headers, body, idleTimeoutMs: timeoutMs }, signal);
  }

  return async (webhook, message, signal) => {
    const atMs = now();
    const begunMs = performance.now();
    const end = createEnd(signal, timeoutMs);
    const answer = (status: number | null, problem: string | null, excerpt: string): MessageAnswer => {
      return { atMs, durationMs: Math.round(performance.now() - begunMs), status, problem, excerpt };
    };
    try {
      const response = await ask(webhook, message, end.signal);
      const status = response.statusCode ?? 0;
      return answer(status, problemOf(status), await readExcerpt(response));
    } catch (error) {
      return answer(null, reasonOf(end.signal.aborted ? end.signal.reason : error), '');
    } finally {
      end.release();
    }
  };
}

/**
 * A signal that aborts with another one, or when the time is over. Unlike `AbortSignal.any` and `AbortSignal.timeout` it lets go of the message as soon as
 * that is done, not at the end of the time: at a thousand messages a second that is much memory.
 */
function createEnd(outer: AbortSignal, timeoutMs: number): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onAbort = () => controller.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => controller.abort(new Error(`no answer within ${timeoutMs / 1000} s`)), timeoutMs);
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer);
      outer.removeEventListener('abort', onAbort);
    },
  };
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return `answered ${status}${status >= 300 && status < 400 ? ', and redirects are not followed' : ''}`;
}

/** What comes behind the status changes nothing any more, so that an answer which breaks off or does not end is one all the same. */
async function readExcerpt(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of response) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= EXCERPT_BYTES) break;
    }
  } catch {
    // Only what has come is shown.
  }
  return Buffer.concat(pieces).subarray(0, EXCERPT_BYTES).toString();
}

/** Looking up a name cannot be ended; it need not be waited for. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
