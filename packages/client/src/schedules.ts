import type { CallOptions } from './call-options.ts';
import type { Job } from './job.ts';
import { namedPath } from './named-path.ts';
import { parseJob, parseSchedule, parseSchedules } from './parse-answer.ts';
import type { Schedule, ScheduleSettings } from './schedule.ts';
import type { Transport } from './transport.ts';

/** Schedules. Changes resolve when they are on the server's disk, and hold from then on. */
export interface ScheduleCalls {
  /** By name, each with its next occurrence. */
  list(options?: CallOptions & { tenant?: string | undefined }): Promise<Schedule[]>;

  /** @param options.next how many of the next occurrences are told, 0 to 100; absent: 5 */
  get(name: string, options?: CallOptions & { next?: number | undefined }): Promise<Schedule>;

  /** @param options.tenant whose its jobs are */
  create(
    schedule: { name: string } & ScheduleSettings,
    options?: CallOptions & { tenant?: string | undefined },
  ): Promise<Schedule>;

  /** What is absent stays as it was; `job` is replaced as a whole. */
  change(name: string, change: Partial<ScheduleSettings>, options?: CallOptions): Promise<Schedule>;

  /** From now on nothing occurs. */
  pause(name: string, options?: CallOptions): Promise<Schedule>;

  /** Goes on from now on: what lay in the pause is not made up for. */
  resume(name: string, options?: CallOptions): Promise<Schedule>;

  /** Submits its job now, whatever its rules. */
  run(name: string, options?: CallOptions): Promise<Job>;

  /** Its jobs stay. */
  delete(name: string, options?: CallOptions): Promise<void>;
}

export function createScheduleCalls(transport: Transport): ScheduleCalls {
  const act = (action: 'pause' | 'resume' | 'run', name: string, { signal }: CallOptions = {}) =>
    transport.sendForJson({ method: 'POST', path: `${schedulePath(name)}/${action}`, body: {}, signal });

  return {
    list: async ({ signal, tenant } = {}) => {
      const query = new URLSearchParams(tenant === undefined ? {} : { tenant });
      return parseSchedules(await transport.sendForJson({ path: '/schedules', query, signal }));
    },

    get: async (name, { signal, next } = {}) => {
      const query = new URLSearchParams(next === undefined ? {} : { next: String(next) });
      return parseSchedule(await transport.sendForJson({ path: schedulePath(name), query, signal }));
    },

    create: async (schedule, { signal, tenant } = {}) => {
      const headers: Record<string, string> = tenant === undefined ? {} : { 'x-tenant-id': tenant };
      const request = { method: 'POST', path: '/schedules', body: schedule, headers, signal } as const;
      return parseSchedule(await transport.sendForJson(request));
    },

    change: async (name, change, { signal } = {}) =>
      parseSchedule(await transport.sendForJson({ method: 'PATCH', path: schedulePath(name), body: change, signal })),

    pause: async (name, options) => parseSchedule(await act('pause', name, options)),
    resume: async (name, options) => parseSchedule(await act('resume', name, options)),
    run: async (name, options) => parseJob(await act('run', name, options)),

    delete: async (name, { signal } = {}) => {
      const response = await transport.send({ method: 'DELETE', path: schedulePath(name), signal });
      await response.body?.cancel();
    },
  };
}

function schedulePath(name: string): string {
  return namedPath('/schedules', name, {
    code: 'SCHEDULE_NOT_FOUND',
    status: 404,
    title: 'No such schedule',
    detail: `no schedule has the name '${name}'`,
  });
}
