import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { isSystemError, reasonOf } from '../../errors/system-error.ts';
import { requestPinned } from '../../outbound/pinned-request.ts';
import { type ResolveName, resolveHost } from '../../outbound/resolve-host.ts';
import { refuseArchive } from '../archive/refusal.ts';
import { EnvironmentFailure } from '../environment.ts';
import { archiveHosts, problemWith } from './archive-hosts.ts';

export interface RemoteOptions {
  /** Names and addresses that archives may be fetched from; empty for none. */
  allowedHosts: readonly string[];
  /** Largest archive that is fetched. */
  maxBytes: number;
  resolve: ResolveName;
}

const MAX_REDIRECTS = 5;
const IDLE_TIMEOUT_MS = 30_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches an archive from a host that the operator allows. Every redirect is checked like the first request.
 *
 * @param path a name that does not exist yet; what is there when this rejects is for the caller to remove
 * @throws {EnvironmentFailure}; the signal's reason; errors of the file system as they are
 */
export async function fetchArchive(
  uri: string,
  path: string,
  options: RemoteOptions,
  signal: AbortSignal,
): Promise<void> {
  let url = new URL(uri);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await ask(url, uri, options, signal);
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status === 200) return save(answer, uri, path, options.maxBytes, signal);
    answer.destroy();
    if (!REDIRECTS.has(status) || location === undefined) {
      throw refuseArchive(uri, `cannot be fetched: ${url.host} answered ${status}`);
    }
    if (redirects === MAX_REDIRECTS) throw refuseArchive(uri, `is redirected more than ${MAX_REDIRECTS} times`);
    url = follow(location, url, uri);
  }
}

async function ask(url: URL, uri: string, options: RemoteOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const verdict = await resolveHost(url.hostname, archiveHosts(options.allowedHosts), options.resolve);
  signal.throwIfAborted();
  if (verdict.outcome !== 'allowed') throw refuseArchive(uri, problemWith(verdict));
  const { addresses } = verdict;
  try {
    return await requestPinned(
      { url, addresses, agent: false, method: 'GET', headers: {}, idleTimeoutMs: IDLE_TIMEOUT_MS },
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw refuseArchive(uri, `cannot be fetched: ${reasonOf(error)}`, error);
  }
}

function follow(location: string, from: URL, uri: string): URL {
  if (!URL.canParse(location, from.href)) throw refuseArchive(uri, 'is redirected to what is no address');
  const target = new URL(location, from);
  const isDowngrade = from.protocol === 'https:' && target.protocol === 'http:';
  if (isDowngrade || !['http:', 'https:'].includes(target.protocol)) {
    throw refuseArchive(uri, `is redirected from ${from.protocol} to ${target.protocol}, which is not followed`);
  }
  return target;
}

async function save(
  answer: IncomingMessage,
  uri: string,
  path: string,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  const tooLarge = () => refuseArchive(uri, `is larger than the ${maxBytes} bytes that this server fetches`);
  let bytes = 0;
  const count = async function* (pieces: AsyncIterable<Buffer>) {
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > maxBytes) throw tooLarge();
      yield piece;
    }
  };
  // What breaks off while the file is opened fails the pipeline.
  answer.once('error', () => {});
  // Open before anything can fail: a stream that opens it later would make it behind the back of who removes it.
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    answer.destroy();
    throw error;
  });
  try {
    await pipeline(answer, count, file.createWriteStream(), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof EnvironmentFailure) throw error;
    // What the disk says is the machine's affair; `read` is what sockets fail at.
    if (isSystemError(error) && error.syscall !== 'read') throw error;
    throw refuseArchive(uri, `cannot be fetched: ${reasonOf(error)}`, error);
  }
}
