import type { IncomingHttpHeaders } from 'node:http';
import { droverError } from '../../errors/drover-error.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** What a client recognises its submit by; null where it gave none. @throws `INVALID_HEADER` */
export function readIdempotencyKey(headers: IncomingHttpHeaders): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw droverError('INVALID_HEADER', {
    name: 'Idempotency-Key',
    detail: 'must be 1 to 255 visible ASCII characters without spaces',
  });
}
