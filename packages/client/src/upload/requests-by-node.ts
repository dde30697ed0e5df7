import { fetchPackage, packagePath } from '../packages.ts';
import { parseAnswer, problemFrom } from '../problem.ts';
import { withRetries } from '../retries.ts';
import { type Connection, type TransportRequest, toFailure } from '../transport.ts';
import { inBlocks } from './blocks.ts';
import { exchange } from './exchange.ts';
import type { PackageRequests, Pieces } from './package-requests.ts';

const BLOCK_BYTES = 256 * 1024;

/**
 * By Node's own HTTP client. It says when a block has left, so that its memory can be used again, which `fetch` does not; and the
 * second answer that `fetch` reads costs 16 MB, since V8 optimises its parser then.
 */
export function requestsByNode({ address, headers }: Connection): PackageRequests {
  const asFailure = (error: unknown, signal: AbortSignal | undefined) => toFailure(address, error, signal);

  async function exchangeForJson(request: TransportRequest, pieces?: Pieces): Promise<unknown> {
    const { method = 'GET', path, signal } = request;
    const { status, statusText, body } = await exchange({
      method,
      url: `${address}/api/v1${path}`,
      headers: pieces === undefined ? headers : { ...headers, 'content-type': 'application/octet-stream' },
      pieces,
      signal,
      asFailure: (error) => asFailure(error, signal),
    });
    if (status < 200 || status > 299) throw problemFrom(status, statusText, body);
    return parseAnswer(status, body);
  }

  const sendForJson = (request: TransportRequest) => withRetries(request, () => exchangeForJson(request), asFailure);

  return {
    find: (name, signal) => fetchPackage({ sendForJson }, name, signal),

    async send(name, archive, signal) {
      await exchangeForJson({ method: 'PUT', path: packagePath(name), signal }, inBlocks(archive, BLOCK_BYTES, true));
    },
  };
}
