import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import { searchLog } from '../../jobs/log/search-log.ts';
import { singleParameter } from '../listing/query-parameters.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { type QueryParameter, readQuery, wholeOr } from '../openapi/query-parameter.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJobNotFound, sendJson } from './native-door.ts';
import { jobIdPath } from './operation-parts.ts';
import { logMatches } from './schemas/log-matches.ts';
import type { Sent } from './schemas/sent.ts';

const MAX_QUERY_CHARS = 1000;
/** Read by one request at most; who wants more goes on with `next_after`. */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

const q: QueryParameter<string> = {
  description: 'What a line must hold, as it is: no pattern, and upper and lower case differ.',
  schema: z
    .string()
    .regex(/^[^\n]*$/)
    .min(1)
    .max(MAX_QUERY_CHARS),
  isRequired: true,
  read(query, name) {
    const text = singleParameter(query, name) ?? '';
    // Characters as JSON Schema counts them, of which some take two places of a string.
    if (text !== '' && [...text].length <= MAX_QUERY_CHARS && !text.includes('\n')) return text;
    throw droverError('INVALID_QUERY', { name, detail: `must be 1 to ${MAX_QUERY_CHARS} characters of one line` });
  },
};

const searchLogs = {
  id: 'searchJobLogs',
  tag: 'Logs',
  summary: 'Lines of the output that hold a text',
  description:
    'One request reads at most 64 MiB; where `complete` is false, go on with `after` = `next_after`. A line that is still being written is ' +
    'searched as it is, and comes again with its rest unless it was found. Lines longer than 1 MiB are searched in pieces.',
  path: jobIdPath,
  query: {
    q,
    limit: wholeOr(100, 'Most lines to find.', { least: 1, most: 1000 }),
    after: wholeOr(0, 'The byte of the output to begin at.', { least: 0, most: Number.MAX_SAFE_INTEGER }),
  },
  answers: { 200: { description: 'What was found.', content: { 'application/json': logMatches } } },
  errors: ['JOB_NOT_FOUND'],
} satisfies Operation;

/** `GET /api/v1/jobs/{id}/logs/search`: lines of the output that hold a text. */
export function addLogSearchRoutes(app: FastifyInstance, door: NativeDoor): void {
  addRoutes(app, '/api/v1/jobs/:id/logs/search', {
    GET: described(searchLogs, async (request, reply) => {
      const { id } = request.params;
      const { q: text, limit, after: afterOffset } = readQuery(searchLogs.query, request.url);
      const signal = door.streams.open(reply.raw, { endsWithServer: true });
      const search = { text, limit, afterOffset, maxBytes: MAX_SEARCHED_BYTES };
      const result = await searchLog(door.service.log(id), search, signal);
      if (result === null) return sendJobNotFound(door, reply, id);
      const { matches, nextOffset, isComplete } = result;
      return sendJson<Sent<typeof logMatches>>(reply, { matches, next_after: nextOffset, complete: isComplete });
    }),
  });
}
