import type { IncomingHttpHeaders } from 'node:http';

const COOKIE = 'ray-authentication-token';
const COOKIE_MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/** Ray takes no other spelling of the scheme. */
const BEARER = /^Bearer (\S+)$/;

/**
 * The token of a request in Ray's order: `Authorization`, `X-Ray-Authorization`, the cookie. What stands in the first that is there
 * decides. Undefined where there is none of them; empty where the header holds none.
 */
export function findRayToken(headers: IncomingHttpHeaders): string | undefined {
  const header = headers.authorization ?? headers['x-ray-authorization'];
  if (header !== undefined) return BEARER.exec(String(header))?.[1] ?? '';
  for (const part of (headers.cookie ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name === COOKIE) return value.join('=');
  }
  return undefined;
}

/** The `Set-Cookie` that lets a browser go on without the header. */
export function tokenCookie(token: string): string {
  return `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${COOKIE_MAX_AGE_SECONDS}`;
}
