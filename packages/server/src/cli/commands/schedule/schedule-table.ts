import type { CommandEntry } from '../../lazy-commands.ts';

/** What stands behind `drover schedule`, in the order of its overview. */
export const SCHEDULE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'list the schedules, with when they come round next',
    load: async () => (await import('./list.ts')).defineScheduleList,
  },
  {
    name: 'show',
    summary: 'show one schedule, and what has become of it',
    load: async () => (await import('./show.ts')).defineScheduleShow,
  },
  {
    name: 'create',
    summary: 'have a job submitted by the clock',
    load: async () => (await import('./create.ts')).defineScheduleCreate,
  },
  {
    name: 'set',
    summary: 'change when a schedule comes round, its rules or its job',
    load: async () => (await import('./set.ts')).defineScheduleSet,
  },
  {
    name: 'pause',
    summary: 'submit nothing until it is resumed',
    load: async () => (await import('./state.ts')).defineSchedulePause,
  },
  {
    name: 'resume',
    summary: 'go on from now on',
    load: async () => (await import('./state.ts')).defineScheduleResume,
  },
  {
    name: 'run',
    summary: 'submit the job of a schedule now',
    load: async () => (await import('./run.ts')).defineScheduleRun,
  },
  {
    name: 'delete',
    summary: 'remove schedules; their jobs stay',
    load: async () => (await import('./delete.ts')).defineScheduleDelete,
  },
];
