import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export type TokenVerdict = 'accepted' | 'missing' | 'wrong';

const BEARER = /^bearer +(\S+) *$/i;

/**
 * Checks the bearer token of a request. It is taken from the first of these headers that is there, and what stands in it decides:
 * `Authorization`, openYuanrong's `X-Auth`, Ray's `X-Ray-Authorization`. The latter two take the bare token too.
 *
 * @param readToken answers the token in force, null for none; asked each time, so that it can change.
 * @param find takes the token from a request where its dialect has an order of its own.
 */
export function createTokenCheck(
  readToken: () => string | null,
  find: (headers: IncomingHttpHeaders) => string | undefined = findToken,
): (headers: IncomingHttpHeaders) => TokenVerdict {
  let bytesOf: string | null = null;
  let bytes: Buffer = Buffer.alloc(0);

  return (headers) => {
    const token = readToken();
    if (token === null) return 'accepted';
    if (token !== bytesOf) {
      bytes = Buffer.from(token);
      bytesOf = token;
    }
    const given = find(headers);
    if (given === undefined) return 'missing';
    return given !== '' && isSame(Buffer.from(given), bytes) ? 'accepted' : 'wrong';
  };
}

/** Undefined where no header carries one; an empty text where one is there and holds none. */
function findToken(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return BEARER.exec(authorization)?.[1] ?? '';
  const other = headers['x-auth'] ?? headers['x-ray-authorization'];
  if (other === undefined) return undefined;
  return typeof other === 'string' ? (BEARER.exec(other)?.[1] ?? other.trim()) : '';
}

/**
 * How long it takes tells at most whether the lengths are equal, which helps nobody to guess a token. (To compare digests
 * instead took 5 µs, of some 30 that a request takes in all.)
 */
function isSame(given: Buffer, expected: Buffer): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}
