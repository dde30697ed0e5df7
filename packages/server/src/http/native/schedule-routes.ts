import type { FastifyInstance } from 'fastify';
import type { KeptSchedule } from '../../schedule/schedule.ts';
import { described } from '../openapi/described.ts';
import { readQuery } from '../openapi/query-parameter.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readTenant } from '../routing/request-headers.ts';
import { readTraceContext } from '../routing/trace-context.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { type NativeDoor, sendJson, sendSubmitted } from './native-door.ts';
import { readBody } from './read-body.ts';
import {
  changeSchedule,
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  runSchedule,
  stateOperation,
} from './schedule-operations.ts';
import { type SentSchedule, scheduleChange, scheduleDraft, scheduleResource } from './schedule-resource.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeSchedule as changeBody, createSchedule as createBody } from './schemas/schedule.ts';
import type { scheduleList } from './schemas/schedule-answer.ts';
import type { Sent } from './schemas/sent.ts';

/** Of the answers to changes. */
const NEXT = 5;

/** Schedules: `/api/v1/schedules` and below. */
export function addScheduleRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { schedules } = door;
  const present = (kept: KeptSchedule, next: number = NEXT) =>
    scheduleResource(kept, schedules.next(kept.schedule.name, next));

  addRoutes(app, '/api/v1/schedules', {
    GET: described(listSchedules, async (request, reply) => {
      const { tenant } = readQuery(listSchedules.query, request.url);
      const listed = schedules.schedules().filter(({ schedule }) => tenant === null || schedule.tenant === tenant);
      return sendJson<Sent<typeof scheduleList>>(reply, { schedules: listed.map((kept) => present(kept, 1)) });
    }),
    POST: described(createSchedule, async (request, reply) => {
      const draft = scheduleDraft(readBody(createBody, request.body), readTenant(request.headers));
      const kept = await schedules.create(draft);
      reply.code(201).header('location', `/api/v1/schedules/${draft.name}`);
      return sendJson<SentSchedule>(reply, present(kept));
    }),
  });

  addRoutes(app, '/api/v1/schedules/:id', {
    GET: described(getSchedule, async (request, reply) => {
      const { next } = readQuery(getSchedule.query, request.url);
      return sendJson<SentSchedule>(reply, present(schedules.schedule(request.params.id), next));
    }),
    PATCH: described(changeSchedule, async (request, reply) => {
      const change = scheduleChange(readBody(changeBody, request.body));
      return sendJson<SentSchedule>(reply, present(await schedules.change(request.params.id, change)));
    }),
    DELETE: described(deleteSchedule, async (request, reply) => {
      await schedules.remove(request.params.id);
      return reply.code(204).send();
    }),
  });

  for (const [action, isPaused] of [
    ['pause', true],
    ['resume', false],
  ] as const) {
    addRoutes(app, `/api/v1/schedules/:id/${action}`, {
      POST: described(stateOperation(action), async (request, reply) => {
        readBody(noFields, request.body ?? {});
        const kept = await schedules.change(request.params.id, (before) => ({ ...before, isPaused }));
        return sendJson<SentSchedule>(reply, present(kept));
      }),
    });
  }

  addRoutes(app, '/api/v1/schedules/:id/run', {
    POST: described(runSchedule, async (request, reply) => {
      readBody(noFields, request.body ?? {});
      const { headers, params } = request;
      const submitted = await schedules.run(params.id, readIdempotencyKey(headers), readTraceContext(headers));
      return sendSubmitted(door, reply, submitted);
    }),
  });
}
