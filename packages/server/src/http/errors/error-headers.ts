import type { DroverError } from '../../errors/drover-error.ts';

/** Headers that an error carries in every dialect. */
export function errorHeaders(error: DroverError, requestId: string): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
    ...headersOfCode(error),
  };
}

function headersOfCode(error: DroverError): Record<string, string> {
  switch (error.code) {
    case 'UNAUTHENTICATED':
      return { 'www-authenticate': 'Bearer realm="drover"' };
    case 'SHUTTING_DOWN':
      // Whoever kept a connection open has to find the next server on a new one.
      return { 'retry-after': '5', connection: 'close' };
    case 'RANGE_NOT_SATISFIABLE':
      return { 'content-range': `bytes */${error.details.end ?? '*'}` };
    case 'OUTPUT_GAP':
      return { 'drover-output-size': String(error.details.sizeBytes) };
    default:
      return {};
  }
}
