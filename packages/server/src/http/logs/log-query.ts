import { droverError } from '../../errors/drover-error.ts';
import { booleanParameter, wholeParameter } from '../listing/query-parameters.ts';

/** What a log request asks for beside a `Range`. */
export interface LogQuery {
  /** Goes on until the job has ended. */
  follow: boolean;
  /** Begin with the last so many lines. */
  tailLines: number | null;
  /** Begin at this byte of the output. */
  offset: number | null;
}

export const MAX_TAIL_LINES = 1_000_000_000;

/** @throws `INVALID_QUERY` */
export function readLogQuery(query: URLSearchParams): LogQuery {
  const tailLines = wholeParameter(query, 'tail', 0, MAX_TAIL_LINES);
  const offset = wholeParameter(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
  if (tailLines !== null && offset !== null) {
    throw droverError('INVALID_QUERY', { name: 'offset', detail: 'cannot be given together with tail' });
  }
  return { follow: booleanParameter(query, 'follow'), tailLines, offset };
}
