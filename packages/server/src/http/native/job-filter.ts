import type { JobFilter } from '../../store/store.ts';
import { singleParameter } from '../listing/query-parameters.ts';

/** What the native API narrows by beyond what all dialects do, added to that. @throws `INVALID_QUERY` */
export function withNativeFilter(query: URLSearchParams, filter: JobFilter): JobFilter {
  const tenant = singleParameter(query, 'tenant');
  const queue = singleParameter(query, 'queue');
  const arrayId = singleParameter(query, 'array');
  const schedule = singleParameter(query, 'schedule');
  return {
    ...filter,
    ...(tenant === null ? {} : { tenant }),
    ...(queue === null ? {} : { queue }),
    ...(arrayId === null ? {} : { arrayId }),
    ...(schedule === null ? {} : { schedule }),
  };
}
