import { z } from 'zod';
import type { Operation, Parameter } from '../openapi/operation.ts';
import { text, wholeOr } from '../openapi/query-parameter.ts';
import { tenantHeader } from '../routing/request-headers.ts';
import { traceHeaders } from '../routing/trace-context.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { locationHeader, replayedHeader, submitErrors } from './operation-parts.ts';
import { job } from './schemas/job.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeSchedule as changeBody, createSchedule as createBody } from './schemas/schedule.ts';
import { scheduleList, schedule as scheduleSchema } from './schemas/schedule-answer.ts';

const MOST_NEXT = 100;

const path = {
  name: { schema: z.string().min(1), description: 'Name of the schedule.' },
} satisfies Record<string, Parameter>;

const theSchedule = { description: 'The schedule.', content: { 'application/json': scheduleSchema } };

/** What a job that is to be submitted each time can be refused with beforehand; that its queue drains is no reason. */
const jobErrors = [
  'INVALID_ENVIRONMENT',
  'UNSCHEDULABLE',
  'UNKNOWN_QUEUE',
  'UNKNOWN_ENGINE',
  'INVALID_ENGINE_OPTIONS',
  'UNKNOWN_DEPENDENCY',
  'TIME_LIMIT_TOO_LONG',
  'STORAGE_FULL',
] as const;

export const listSchedules = {
  id: 'listSchedules',
  tag: 'Schedules',
  summary: 'List schedules, by name',
  description: 'Of the next occurrences each has one.',
  query: { tenant: text('Schedules of this tenant.') },
  answers: { 200: { description: 'All schedules.', content: { 'application/json': scheduleList } } },
  errors: [],
} satisfies Operation;

export const createSchedule = {
  id: 'createSchedule',
  tag: 'Schedules',
  summary: 'Create a schedule',
  description:
    'Each of its occurrences from now on has one job, or none by the rules for overlaps and missed ones, and never two: whatever ' +
    'becomes of the server or its clock.',
  headers: { 'X-Tenant-Id': { ...tenantHeader, description: 'Whose its jobs are.' } },
  body: { content: { 'application/json': createBody }, isRequired: true },
  answers: {
    201: {
      ...theSchedule,
      headers: { Location: { schema: z.string(), description: 'Path of the schedule.', isRequired: true } },
    },
  },
  errors: ['INVALID_SCHEDULE', 'SCHEDULE_EXISTS', 'TOO_MANY_SCHEDULES', ...jobErrors],
} satisfies Operation;

export const getSchedule = {
  id: 'getSchedule',
  tag: 'Schedules',
  summary: 'One schedule, with its next occurrences',
  path,
  query: { next: wholeOr(5, 'How many of the next occurrences are told.', { least: 0, most: MOST_NEXT }) },
  answers: { 200: theSchedule },
  errors: ['SCHEDULE_NOT_FOUND'],
} satisfies Operation;

export const changeSchedule = {
  id: 'changeSchedule',
  tag: 'Schedules',
  summary: 'Change a schedule',
  description:
    'What is absent stays as it was; null takes away a bound; `job` is replaced as a whole. With another expression, time zone or bound ' +
    'the schedule begins anew: nothing before the change is made up for.',
  path,
  body: { content: { 'application/json': changeBody }, isRequired: true },
  answers: { 200: theSchedule },
  errors: ['INVALID_SCHEDULE', 'SCHEDULE_NOT_FOUND', ...jobErrors],
} satisfies Operation;

export const deleteSchedule = {
  id: 'deleteSchedule',
  tag: 'Schedules',
  summary: 'Delete a schedule',
  description: 'Its jobs stay, and so do those that run.',
  path,
  answers: { 204: { description: 'The schedule is gone.' } },
  errors: ['SCHEDULE_NOT_FOUND', 'STORAGE_FULL'],
} satisfies Operation;

const SUMMARIES = {
  pause: 'Let nothing occur until the schedule is resumed',
  resume: 'Let a schedule go on from now on',
};

export function stateOperation(action: keyof typeof SUMMARIES): Operation {
  return {
    id: `${action}Schedule`,
    tag: 'Schedules',
    summary: SUMMARIES[action],
    path,
    body: { content: { 'application/json': noFields }, isRequired: false },
    answers: { 200: theSchedule },
    errors: ['SCHEDULE_NOT_FOUND', 'STORAGE_FULL'],
  };
}

export const runSchedule = {
  id: 'runSchedule',
  tag: 'Schedules',
  summary: 'Submit the job of a schedule now',
  description:
    'Whatever its rules, and also while it is paused. It is no occurrence: `scheduled_at` of the job is null.',
  path,
  headers: { 'Idempotency-Key': idempotencyKey, ...traceHeaders },
  body: { content: { 'application/json': noFields }, isRequired: false },
  answers: {
    200: {
      description: 'The job of an earlier call with this key, as it is now.',
      content: { 'application/json': job },
      headers: { Location: locationHeader, 'Idempotency-Replayed': replayedHeader },
    },
    201: {
      description: 'The new job.',
      content: { 'application/json': job },
      headers: { Location: locationHeader },
    },
  },
  errors: ['SCHEDULE_NOT_FOUND', ...submitErrors],
} satisfies Operation;
