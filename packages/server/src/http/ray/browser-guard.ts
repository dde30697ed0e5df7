import type { IncomingHttpHeaders } from 'node:http';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Of Ray's list without `Sec-Fetch-Mode` and `-Dest`: Node's fetch sends the first, and no browser sends either alone. */
const BROWSER_HEADERS = [
  'referer',
  'origin',
  'sec-fetch-site',
  'sec-fetch-user',
  'access-control-request-method',
  'access-control-request-headers',
];

/**
 * Whether a request that changes something comes from a browser, as Ray tells it. This door takes a body of any type, which a page
 * of another site may send without asking first; an old browser gives itself away by nothing but its name.
 */
export function isBrowserWrite(method: string, headers: IncomingHttpHeaders): boolean {
  if (SAFE_METHODS.has(method)) return false;
  return (headers['user-agent'] ?? '').startsWith('Mozilla') || BROWSER_HEADERS.some((name) => name in headers);
}
