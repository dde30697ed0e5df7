import { backoffMs, pause } from './backoff.ts';
import { DroverApiError, DroverUnreachableError } from './errors.ts';
import type { TransportRequest } from './transport.ts';

const QUICK_RETRIES = 3;
/** What a proxy says while the server behind it is restarted, and what the server says while it stops. */
const PASSING_STATUSES = [502, 503, 504];

/**
 * Repeats an exchange that failed, where the request allows it. The whole of it is repeated, reading included: an answer that broke
 * off in its body is no answer.
 *
 * @param asFailure makes of what was thrown what is thrown
 */
export async function withRetries<T>(
  request: TransportRequest,
  exchange: () => Promise<T>,
  asFailure: (error: unknown, signal: AbortSignal | undefined) => unknown,
): Promise<T> {
  let firstFailureMs: number | null = null;
  for (let retry = 1; ; retry++) {
    try {
      return await exchange();
    } catch (error) {
      const failure = asFailure(error, request.signal);
      firstFailureMs ??= Date.now();
      const isWorthIt =
        request.patienceMs === undefined ? retry <= QUICK_RETRIES : Date.now() - firstFailureMs < request.patienceMs;
      if (!isWorthIt || !isRepeatable(request, failure)) throw failure;
      await pause(backoffMs(retry), request.signal);
    }
  }
}

function isRepeatable(request: TransportRequest, failure: unknown): boolean {
  if ((request.method ?? 'GET') !== 'GET') return false;
  if (failure instanceof DroverUnreachableError) return true;
  return failure instanceof DroverApiError && PASSING_STATUSES.includes(failure.status);
}
