import { CATALOGUE, type ErrorCode } from '../../errors/catalogue.ts';
import { problem } from '../native/schemas/problem.ts';
import type { Operation } from './operation.ts';
import type { JsonSchema, SchemaWriter } from './schema-writer.ts';

/** What every request can meet: at the gate, in the reading of it, or by a fault of the server. */
const ALWAYS: readonly ErrorCode[] = [
  'MALFORMED_REQUEST',
  'INVALID_QUERY',
  'INVALID_HEADER',
  'HOST_NOT_ALLOWED',
  'ORIGIN_NOT_ALLOWED',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'INTERNAL',
  'SHUTTING_DOWN',
];

const UNLESS_PUBLIC: readonly ErrorCode[] = ['UNAUTHENTICATED', 'STARTING'];

const WITH_JSON_BODY: readonly ErrorCode[] = ['INVALID_BODY', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

interface ErrorHeader {
  description: string;
  required?: boolean;
  schema: JsonSchema;
}

const REQUEST_ID: Record<string, ErrorHeader> = {
  'X-Request-Id': {
    description: "Under which the server's log knows the request.",
    required: true,
    schema: { type: 'string' },
  },
};

/** Headers beside those of every error, by status. */
const HEADERS: Readonly<Record<number, Record<string, ErrorHeader>>> = {
  401: {
    'WWW-Authenticate': { description: 'That a bearer token is wanted.', required: true, schema: { type: 'string' } },
  },
  416: { 'Content-Range': { description: 'Where the log ends.', required: true, schema: { type: 'string' } } },
  503: { 'Retry-After': { description: 'With `SHUTTING_DOWN`: seconds.', schema: { type: 'integer', minimum: 0 } } },
};

/** Every error that a request for the operation can be answered with, by status. */
export function errorResponses(operation: Operation, method: string, writer: SchemaWriter): Record<string, object> {
  const responses: Record<string, object> = {};
  const reference = writer.write(problem);
  for (const [status, codes] of byStatus(codesOf(operation, method))) {
    const schema = { ...reference, properties: { code: { enum: codes } } };
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${CATALOGUE[code].title}.`).join('\n\n'),
      headers: { ...REQUEST_ID, ...HEADERS[status] },
      ...(method === 'HEAD' ? {} : { content: { 'application/problem+json': { schema } } }),
    };
  }
  return responses;
}

function codesOf({ errors, isPublic = false, body }: Operation, method: string): Set<ErrorCode> {
  const isBodyRead =
    method !== 'GET' && method !== 'HEAD' && (body === undefined || 'application/json' in body.content);
  return new Set([...ALWAYS, ...(isPublic ? [] : UNLESS_PUBLIC), ...(isBodyRead ? WITH_JSON_BODY : []), ...errors]);
}

function byStatus(codes: Iterable<ErrorCode>): Map<number, ErrorCode[]> {
  const found = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = CATALOGUE[code];
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}
