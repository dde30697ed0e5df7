import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import type { Parameter } from '../openapi/operation.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The header that lets a submit be sent again. */
export const idempotencyKey: Parameter = {
  schema: z.string().regex(KEY),
  description:
    'Unique within the tenant. The same body with the same key answers the job of the first submit; the key outlives its job by a day.',
};

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
