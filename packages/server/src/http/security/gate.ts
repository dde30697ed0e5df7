import type { IncomingMessage } from 'node:http';
import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { findForeignSource } from './origin-check.ts';
import { pathOf, readRequestTarget } from './request-target.ts';
import type { TokenVerdict } from './token-check.ts';

export interface GateOptions {
  isHostAllowed(host: string): boolean;
  checkToken(headers: IncomingMessage['headers'], path: string): TokenVerdict;
  /** Pages for people, which other sites may link to. */
  isPage(path: string): boolean;
  /** Paths that tell nothing and need no token. */
  isPublic(path: string): boolean;
  isClosing(): boolean;
  /** The server listens and has not taken up the jobs of the one before it yet. */
  isStarting(): boolean;
}

/**
 * Decides whether a request is served at all, before anything else looks at it: every check that holds for every path. Null
 * lets it pass. An absolute-form target is put into the usual form on the way, so that nothing behind has to know of it.
 */
export function createGate(options: GateOptions): (request: IncomingMessage) => DroverError | null {
  const { isHostAllowed, checkToken, isPage, isPublic, isClosing, isStarting } = options;

  return (request) => {
    if (isClosing()) return droverError('SHUTTING_DOWN', {});
    const { headers } = request;
    const target = readRequestTarget(request.url ?? '');
    if (target === null) return droverError('MALFORMED_REQUEST', { detail: 'its target is no path' });
    request.url = target.pathAndQuery;

    const { host } = headers;
    // Node keeps the first of several and drops the rest, which a proxy in front may see otherwise.
    if (host === undefined || hasTwoHosts(request.rawHeaders)) {
      return droverError('INVALID_HEADER', { name: 'Host', detail: 'must be given exactly once' });
    }
    if (!isHostAllowed(host)) return droverError('HOST_NOT_ALLOWED', { host });
    if (target.authority !== null && !isHostAllowed(target.authority)) {
      return droverError('HOST_NOT_ALLOWED', { host: target.authority });
    }

    const foreign = findForeignSource({
      method: request.method ?? '',
      host,
      origin: headers.origin,
      fetchSite: headers['sec-fetch-site'],
      fetchMode: headers['sec-fetch-mode'],
      fetchDest: headers['sec-fetch-dest'],
      isPage: headers['sec-fetch-site'] !== undefined && isPage(pathOf(target.pathAndQuery)),
    });
    if (foreign !== null) return droverError('ORIGIN_NOT_ALLOWED', { origin: foreign });

    const verdict = checkToken(headers, pathOf(target.pathAndQuery));
    if (verdict === 'accepted' && !isStarting()) return null;
    if (isPublic(pathOf(target.pathAndQuery))) return null;
    if (verdict === 'accepted') return droverError('STARTING', {});
    const detail = verdict === 'missing' ? 'the request carries none' : 'the one in the request is not it';
    const details = { detail, verdict };
    return droverError('UNAUTHENTICATED', details);
  };
}

function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let found = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') found += 1;
  }
  return found > 1;
}
