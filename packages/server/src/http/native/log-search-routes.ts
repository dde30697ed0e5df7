import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { searchLog } from '../../jobs/log/search-log.ts';
import { queryOf, refuseUnknownParameters, singleParameter, wholeParameter } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJobNotFound, sendJson } from './native-door.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;
const MAX_QUERY_CHARS = 1000;
/** Read by one request at most; who wants more goes on with `next_after`. */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

/** `GET /api/v1/jobs/{id}/logs/search`: lines of the output that hold a text. */
export function addLogSearchRoutes(app: FastifyInstance, door: NativeDoor): void {
  addRoutes(app, '/api/v1/jobs/:id/logs/search', {
    GET: async (request, reply) => {
      const { id } = request.params;
      const query = queryOf(request.url);
      refuseUnknownParameters(query, ['q', 'limit', 'after']);
      const search = {
        text: readText(query),
        limit: wholeParameter(query, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
        afterOffset: wholeParameter(query, 'after', 0, Number.MAX_SAFE_INTEGER) ?? 0,
        maxBytes: MAX_SEARCHED_BYTES,
      };
      const signal = door.streams.open(reply.raw, { endsWithServer: true });
      const result = await searchLog(door.service.log(id), search, signal);
      if (result === null) return sendJobNotFound(door, reply, id);
      const { matches, nextOffset, isComplete } = result;
      return sendJson(reply, { matches, next_after: nextOffset, complete: isComplete });
    },
  });
}

function readText(query: URLSearchParams): string {
  const text = singleParameter(query, 'q') ?? '';
  if (text !== '' && text.length <= MAX_QUERY_CHARS && !text.includes('\n')) return text;
  throw droverError('INVALID_QUERY', { name: 'q', detail: `must be 1 to ${MAX_QUERY_CHARS} characters of one line` });
}
