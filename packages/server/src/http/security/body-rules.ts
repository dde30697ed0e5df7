import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { parseJson } from './parse-json.ts';
import { pathOf } from './request-target.ts';

const JSON_TYPE = /^application\/json[ \t]*(;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/**
 * A body must be declared as JSON: a page of another site cannot send that without asking first, and nothing is guessed. UTF-8 is
 * the only encoding. A request without a body needs no type, whatever it declares.
 *
 * @param unreadable the error for a body that cannot be read, worded for the path's dialect.
 */
export function addBodyRules(app: FastifyInstance, unreadable: (path: string, detail: string) => DroverError): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    if (bytes.length === 0) return done(null, undefined);
    const refusal = refuseType(request);
    if (refusal !== null) return done(refusal);
    const parsed = parseJson(bytes);
    if ('value' in parsed) done(null, parsed.value);
    else done(unreadable(pathOf(request.url), parsed.fault));
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    const { 'content-length': length, 'transfer-encoding': transfer } = request.headers;
    if (transfer === undefined && (length === undefined || Number(length) === 0)) done(null, undefined);
    else done(wrongType(request.headers['content-type'] ?? ''));
  });
}

function refuseType(request: FastifyRequest): DroverError | null {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!JSON_TYPE.test(type)) return wrongType(type);
  return encoding.toLowerCase() === 'identity' ? null : wrongType(`${type} in ${encoding}`);
}

function wrongType(given: string): DroverError {
  return droverError('UNSUPPORTED_MEDIA_TYPE', { given: given === '' ? 'nothing' : given });
}
