import { createHmac, randomBytes } from 'node:crypto';
import type { SigningSecrets } from './webhook.ts';

const PREFIX = 'whsec_';
const KEY_BYTES = 32;

export function newSecret(): string {
  return `${PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}

/** @param keepUntilMs until when the one before signs as well; null for no longer */
export function rotateSecret({ current }: SigningSecrets, next: string, keepUntilMs: number | null): SigningSecrets {
  return { current: next, previous: keepUntilMs === null ? null : { secret: current, untilMs: keepUntilMs } };
}

/** The headers that let a receiver know who sent a message, and when: the scheme of Standard Webhooks, with one signature per secret in force. */
export function signatureHeaders(
  { current, previous }: SigningSecrets,
  { id, body }: { id: string; body: string },
  nowMs: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const secrets = previous !== null && nowMs < previous.untilMs ? [current, previous.secret] : [current];
  const signatures = secrets.map((secret) => `v1,${sign(secret, `${id}.${timestamp}.${body}`)}`);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

function sign(secret: string, content: string): string {
  return createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest('base64');
}
