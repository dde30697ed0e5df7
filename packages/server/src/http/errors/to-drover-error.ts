import { DroverError, droverError } from '../../errors/drover-error.ts';

/**
 * The error of the catalogue for whatever a request failed with; null for what nobody expected, which is a fault of the
 * server. Fastify's own errors are told apart by their codes.
 */
export function toDroverError(
  error: unknown,
  request: { bodyLimitBytes: number; contentType: string },
): DroverError | null {
  if (error instanceof DroverError) return error;
  if (!(error instanceof Error) || !('code' in error)) return null;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return droverError('BODY_TOO_LARGE', { limitBytes: request.bodyLimitBytes }, error);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return droverError('UNSUPPORTED_MEDIA_TYPE', { given: request.contentType }, error);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return droverError('INVALID_BODY', { detail: 'body: expected as many bytes as Content-Length says' }, error);
    case 'FST_ERR_BAD_URL':
      return droverError('MALFORMED_REQUEST', { detail: 'its path has a percent sign that encodes nothing' }, error);
    case 'ECONNRESET':
      return droverError('INVALID_BODY', { detail: 'body: the connection was closed before its end' }, error);
    default:
      return null;
  }
}
