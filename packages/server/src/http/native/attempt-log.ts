import type { FastifyReply } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { attemptNumber } from '../../jobs/log/attempt-to-read.ts';
import { booleanParameter, queryOf, wholeParameter } from '../listing/query-parameters.ts';
import { sendLog } from '../logs/send-log.ts';
import type { RouteRequest } from '../routing/add-routes.ts';
import { wantsEventStream } from './event-stream.ts';
import { type NativeDoor, sendJobNotFound } from './native-door.ts';

/** The attempt that a request for a log names; null where it names none. @throws `INVALID_QUERY` */
export function readAttempt(request: RouteRequest): number | null {
  return wholeParameter(queryOf(request.url), 'attempt', 1, Number.MAX_SAFE_INTEGER);
}

/**
 * Sends the output of one attempt as it is now; the one that waits to be made has none yet.
 *
 * @throws `INVALID_QUERY` where it is to be followed, or is one that the job has not come to
 */
export async function sendAttemptLog(
  door: NativeDoor,
  request: RouteRequest,
  reply: FastifyReply,
  attempt: number,
): Promise<unknown> {
  const { service, streams } = door;
  const { id } = request.params;
  const job = await service.get(id);
  if (job === null) return sendJobNotFound(door, reply, id);
  if (booleanParameter(queryOf(request.url), 'follow') || wantsEventStream(request)) {
    throw droverError('INVALID_QUERY', { name: 'attempt', detail: 'cannot be followed: leave it out' });
  }
  const last = attemptNumber(job);
  if (attempt > last) {
    throw droverError('INVALID_QUERY', {
      name: 'attempt',
      detail: `must be at most ${last}: the job has come to no more`,
    });
  }
  await sendLog(request, reply, service.log(id, attempt), streams);
  return undefined;
}
