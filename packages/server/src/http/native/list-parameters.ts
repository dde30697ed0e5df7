import { z } from 'zod';
import { DEFAULT_SORT, JOB_SORTS } from '../../store/job-sort.ts';
import { type LIST_PARAMETERS, type LIST_PREFIXES, MAX_LIMIT, MAX_REPETITIONS } from '../listing/list-query.ts';
import { timeParameter } from '../listing/time-parameter.ts';
import type { Parameter } from '../openapi/operation.ts';
import { jobStatus, texts } from './schemas/values.ts';

export const DEFAULT_LIMIT = 100;

/** What narrows a list. `readListQuery` reads it for every dialect; here stands what the document says of it. */
export const filterParameters = {
  status: { schema: z.array(jobStatus).max(MAX_REPETITIONS), description: 'Jobs in any of these.' },
  tenant: { schema: z.string(), description: 'Jobs of this tenant.' },
  queue: { schema: z.string(), description: 'Jobs of this queue.' },
  array: { schema: z.string(), description: 'Elements of the array with this id that have become jobs.' },
  schedule: { schema: z.string(), description: 'Jobs that the schedule of this name has made.' },
  'metadata.': {
    schema: texts.meta({ maxProperties: MAX_REPETITIONS }),
    description: 'Jobs that have each of these pairs among their metadata: `metadata.KEY=VALUE`.',
  },
  submitted_after: {
    schema: timeParameter,
    description: 'Inclusive; RFC 3339, or seconds or milliseconds since 1970.',
  },
  submitted_before: { schema: timeParameter, description: 'Exclusive; in the same forms.' },
  q: {
    schema: z.string(),
    description: 'Part of the id, the entrypoint or a metadata value; upper and lower case are the same.',
  },
} satisfies Record<string, Parameter>;

/** The query of a list. */
export const listParameters = {
  ...filterParameters,
  limit: { schema: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT), description: 'Jobs in one page.' },
  sort: {
    schema: z.enum(JOB_SORTS).default(DEFAULT_SORT),
    description: 'By submit, end or id; `-` turns it round. By end, jobs that have ended alone are listed.',
  },
  cursor: {
    schema: z.string().min(1),
    description: '`next_cursor` of the page before, unchanged; with the same `sort`.',
  },
} satisfies Record<
  | (typeof LIST_PARAMETERS)[number]
  | (typeof LIST_PREFIXES)[number]
  | 'tenant'
  | 'queue'
  | 'array'
  | 'schedule'
  | 'sort',
  Parameter
>;
