import { type Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './resolve-host.ts';

export interface PinnedRequest {
  url: URL;
  /** Where a new connection goes, whatever the name means by now. */
  addresses: readonly ResolvedAddress[];
  /** Lends connections, which went to such addresses too when they were made. False: a new one for this request alone. */
  agent: Agent | false;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** A server that sends nothing for so long has failed. */
  idleTimeoutMs: number;
}

/**
 * Sends a request to the given addresses, past every proxy. Follows no redirect. A lent connection that turns out to be closed is replaced by a
 * new one, once: what is sent may arrive twice then.
 *
 * @throws network errors; the signal's reason, also while the body is read
 */
export function requestPinned(given: PinnedRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, addresses, agent, method, headers, body, idleTimeoutMs } = given;
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
    const options: RequestOptions = {
      method,
      agent,
      lookup: pinTo(addresses),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'drover', ...headers },
      signal,
    };
    const request = begin(url, options);
    request.setTimeout(idleTimeoutMs, () => {
      request.destroy(new Error(`the server sent nothing for ${idleTimeoutMs / 1000} s`));
    });
    request.once('error', (error) => {
      const isStale = request.reusedSocket && isBroken(error) && !signal.aborted;
      if (isStale) resolve(requestPinned({ ...given, agent: false }, signal));
      else reject(error);
    });
    request.once('response', resolve).end(body);
  });
}

function isBroken(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

function pinTo(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error('the name has no address'), '', 0);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
