import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { ResolvedAddress } from './resolve-host.ts';

/** A server that sends nothing for so long has failed. */
const IDLE_TIMEOUT_MS = 30_000;

/**
 * Asks for a URL at the given addresses, whatever its name means by now, past every proxy. Follows no redirect.
 *
 * @throws network errors; the signal's reason, also while the body is read
 */
export function requestArchive(
  url: URL,
  addresses: readonly ResolvedAddress[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = begin(url, {
      agent: false,
      lookup: pinTo(addresses),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'drover' },
      signal,
    });
    request.setTimeout(IDLE_TIMEOUT_MS, () => {
      request.destroy(new Error(`the server sent nothing for ${IDLE_TIMEOUT_MS / 1000} s`));
    });
    request.once('response', resolve).once('error', reject).end();
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
