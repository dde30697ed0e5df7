import { DroverApiError, DroverUnreachableError } from './errors.ts';
import { parseAnswer, readProblem } from './problem.ts';
import { withRetries } from './retries.ts';

export interface TransportOptions {
  /** Where the server is, such as `http://127.0.0.1:8888`; a path is kept; `''` in a browser for the page's own. */
  address: string;
  /** Sent as a bearer token. */
  token?: string | undefined;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface TransportRequest {
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, segments encoded. */
  path: string;
  query?: URLSearchParams;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are, instead of `body`. */
  bytes?: ReadableStream<Uint8Array<ArrayBuffer>> | Blob | undefined;
  signal?: AbortSignal | undefined;
  /**
   * For how long failed GETs are repeated, in milliseconds since the first failure. Default: 3 repetitions,
   * about half a second. Nothing but a GET is ever repeated.
   */
  patienceMs?: number | undefined;
}

/** Sends requests; turns failures into the two errors of this package. */
export interface Transport {
  /** The answer of a request that succeeded, its body unread. */
  send(request: TransportRequest): Promise<Response>;
  /** The parsed JSON of a request that succeeded. */
  sendForJson(request: TransportRequest): Promise<unknown>;
  /** Null where requests go through a `fetch` that was given. */
  connection: Connection | null;
  /** Wraps what went wrong while a body was read; an abort stays what it is. */
  asUnreachable(error: unknown, signal: AbortSignal | undefined): unknown;
}

/** What a program needs to know that sends requests of its own to the same server. */
export interface Connection {
  /** Without a slash at its end. */
  address: string;
  /** Those of every request; they hold the token. */
  headers: Readonly<Record<string, string>>;
}

/** @throws {TypeError} where the address is no http(s) URL, or the token cannot stand in a header. */
export function createTransport(options: TransportOptions): Transport {
  const address = checkedAddress(options.address);
  const headers = baseHeaders(options.token);
  const fetch = options.fetch ?? globalThis.fetch.bind(globalThis);

  const asUnreachable: Transport['asUnreachable'] = (error, signal) => toFailure(address, error, signal);

  async function sendOnce(request: TransportRequest): Promise<Response> {
    const query = request.query?.toString() ?? '';
    const url = `${address}/api/v1${request.path}${query === '' ? '' : `?${query}`}`;
    const init: RequestInit = { method: request.method ?? 'GET', headers: { ...headers, ...request.headers } };
    if (request.signal !== undefined) init.signal = request.signal;
    if (request.body !== undefined) {
      init.headers = { ...init.headers, 'content-type': 'application/json' };
      init.body = JSON.stringify(request.body);
    }
    if (request.bytes !== undefined) {
      init.headers = { ...init.headers, 'content-type': 'application/octet-stream' };
      init.body = request.bytes;
      // Streams are sent in no other way; the type of the options lacks this field.
      Object.assign(init, { duplex: 'half' });
      // Else `fetch` keeps a copy of the whole body, to send it again behind a redirect.
      init.redirect = 'error';
      init.window = null;
    }
    const response = await fetch(url, init);
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  return {
    send: (request) => withRetries(request, () => sendOnce(request), asUnreachable),
    sendForJson: (request) => withRetries(request, async () => parseJson(await sendOnce(request)), asUnreachable),
    connection: options.fetch === undefined ? { address, headers } : null,
    asUnreachable,
  };
}

async function parseJson(response: Response): Promise<unknown> {
  return parseAnswer(response.status, await response.text());
}

/** What callers are told of an error: an abort by its reason, and what is not an answer of the server as a server out of reach. */
export function toFailure(address: string, error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  if (error instanceof DroverApiError || error instanceof DroverUnreachableError) return error;
  return new DroverUnreachableError(address, error);
}

function checkedAddress(address: string): string {
  const trimmed = address.replace(/\/+$/, '');
  if (trimmed !== '' && !(/^https?:\/\//i.test(trimmed) && URL.canParse(trimmed))) {
    throw new TypeError(`'${address}' is not an address of a server: it must look like http://127.0.0.1:8888`);
  }
  return trimmed;
}

function baseHeaders(token: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token === undefined) return headers;
  try {
    // Found here, it is a mistake in the token; found in `fetch`, it would look like a server out of reach.
    new Headers({ authorization: `Bearer ${token}` });
  } catch (cause) {
    throw new TypeError('the token holds characters that cannot stand in a header', { cause });
  }
  return { ...headers, authorization: `Bearer ${token}` };
}
