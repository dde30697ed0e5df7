import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './resolve-host.ts';

export interface PinnedRequest {
  url: URL;
  /** Where it is asked, whatever its name means by now. */
  addresses: readonly ResolvedAddress[];
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** A server that sends nothing for so long has failed. */
  idleTimeoutMs: number;
}

/**
 * Sends a request to the given addresses, past every proxy. Follows no redirect.
 *
 * @throws network errors; the signal's reason, also while the body is read
 */
export function requestPinned(
  { url, addresses, method, headers, body, idleTimeoutMs }: PinnedRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
    const options: RequestOptions = {
      method,
      agent: false,
      lookup: pinTo(addresses),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'drover', ...headers },
      signal,
    };
    const request = begin(url, options);
    request.setTimeout(idleTimeoutMs, () => {
      request.destroy(new Error(`the server sent nothing for ${idleTimeoutMs / 1000} s`));
    });
    request.once('response', resolve).once('error', reject).end(body);
  });
}

function pinTo(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_name, options, callback) => {
    const [first] = addresses;
    if (first === undefined) callback(new Error('the name has no address'), '', 0);
    else if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}
