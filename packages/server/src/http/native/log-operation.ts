import { z } from 'zod';
import { MAX_TAIL_LINES } from '../logs/log-query.ts';
import type { Operation, Parameter } from '../openapi/operation.ts';
import { jobIdPath } from './operation-parts.ts';

const output = z.string().describe('The bytes that the driver has written, whatever they are.');

function offset(description: string): Parameter {
  return { schema: z.int().min(0), description, isRequired: true };
}

const logHeaders = {
  'Drover-Log-First-Byte': offset('Where what is kept begins: a log over its limit loses its front.'),
  'Drover-Log-Offset': offset('Where this body begins.'),
  'Drover-Log-End': offset('Where the log ended when the request was answered.'),
};

function optional(headers: Record<string, Parameter>): Record<string, Parameter> {
  return Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, { ...each, isRequired: false }]));
}

const outputEvents = z
  .string()
  .describe(
    'Server-sent events: `output` (its `id` is the position behind it), `gap` for bytes that are gone, `attempt` where the output of the ' +
      'next one begins, `end` with the reason and how the job ended.',
  );

/** `readLogQuery` reads the query, for every dialect. */
export const getLogs = {
  id: 'getJobLogs',
  tag: 'Logs',
  summary: 'Output of a job, byte for byte',
  description:
    'Of its last attempt. Offsets count bytes from the beginning of the output, and never change. `follow` goes on until the job has ended, and ' +
    'the trailer `Drover-Log-End-Reason` says why it did: `ended`, `deleted` or `shutdown` (come back). With `Accept: text/event-stream` the ' +
    'output comes as server-sent events, whose last one says how the job ended.',
  head: 'How much output a job has',
  path: jobIdPath,
  query: {
    follow: { schema: z.boolean().default(false), description: 'Goes on until the job has ended.' },
    tail: { schema: z.int().min(0).max(MAX_TAIL_LINES), description: 'Begin with the last so many lines.' },
    offset: {
      schema: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
      description: 'Begin at this byte; not together with `tail`.',
    },
    attempt: {
      schema: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
      description:
        'Number of an attempt that the job has come to, the last one without it; neither with `follow` nor as a stream of events.',
    },
  },
  headers: {
    Range: {
      schema: z.string().meta({ examples: ['bytes=0-1023'] }),
      description: 'One range of bytes; others are ignored, as is any beside `follow`, `tail` or `offset`.',
    },
    'Last-Event-ID': {
      schema: z.string().meta({ examples: ['1024'] }),
      description:
        'Resumes a stream of events behind the event with this id; `offset` and `tail` are not looked at then.',
    },
    'If-Range': { schema: z.string(), description: 'A log has no tag: with it the whole is answered.' },
  },
  answers: {
    200: {
      description: 'The output. The headers tell of its bytes, and are not sent with a stream of events.',
      content: { 'text/plain': output, 'text/event-stream': outputEvents },
      headers: optional(logHeaders),
    },
    204: { description: 'A stream of events was asked for behind its end: a browser stops asking.' },
    206: {
      description: 'The part that `Range` asked for.',
      content: { 'text/plain': output },
      headers: {
        ...logHeaders,
        'Content-Range': {
          schema: z.string().regex(/^bytes \d+-\d+\/\d+$/),
          description: 'Of this body.',
          isRequired: true,
        },
      },
    },
  },
  errors: ['JOB_NOT_FOUND', 'RANGE_NOT_SATISFIABLE'],
} satisfies Operation;
