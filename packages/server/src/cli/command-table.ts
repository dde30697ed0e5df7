import { QUEUE_COMMANDS } from './commands/queue/queue-table.ts';
import { SCHEDULE_COMMANDS } from './commands/schedule/schedule-table.ts';
import { TENANT_COMMANDS } from './commands/tenant/tenant-table.ts';
import { WEBHOOK_COMMANDS } from './commands/webhook/webhook-table.ts';
import type { CommandEntry, CommandGroup } from './lazy-commands.ts';

/** In the order of the overview. */
export const COMMANDS: readonly (CommandEntry | CommandGroup)[] = [
  {
    name: 'serve',
    summary: 'run the server',
    load: async () => (await import('./commands/serve.ts')).defineServe,
  },
  {
    name: 'submit',
    summary: 'hand in a job',
    load: async () => (await import('./commands/submit.ts')).defineSubmit,
  },
  {
    name: 'list',
    summary: 'list jobs, newest first',
    load: async () => (await import('./commands/list.ts')).defineList,
  },
  {
    name: 'status',
    summary: 'show one job',
    load: async () => (await import('./commands/status.ts')).defineStatus,
  },
  {
    name: 'attempts',
    summary: 'show every try at running a job',
    load: async () => (await import('./commands/attempts.ts')).defineAttempts,
  },
  {
    name: 'logs',
    summary: 'write the output of a job',
    load: async () => (await import('./commands/logs.ts')).defineLogs,
  },
  {
    name: 'wait',
    summary: 'wait until jobs have ended',
    load: async () => (await import('./commands/wait.ts')).defineWait,
  },
  {
    name: 'stop',
    summary: 'stop jobs',
    load: async () => (await import('./commands/stop.ts')).defineStop,
  },
  {
    name: 'retry',
    summary: 'submit copies of jobs that have ended',
    load: async () => (await import('./commands/retry.ts')).defineRetry,
  },
  {
    name: 'delete',
    summary: 'remove jobs that have ended, with their logs',
    load: async () => (await import('./commands/delete.ts')).defineDelete,
  },
  {
    name: 'events',
    summary: 'show the history of a job',
    load: async () => (await import('./commands/events.ts')).defineEvents,
  },
  {
    name: 'top',
    summary: 'watch the server: what runs, and what waits for what',
    load: async () => (await import('./commands/top.ts')).defineTop,
  },
  {
    name: 'queue',
    summary: 'show and change queues: priorities, limits, pause, drain',
    commands: QUEUE_COMMANDS,
  },
  {
    name: 'schedule',
    summary: 'have jobs submitted by the clock, pause them, run them now',
    commands: SCHEDULE_COMMANDS,
  },
  {
    name: 'tenant',
    summary: 'show and change tenants: weights and quotas',
    commands: TENANT_COMMANDS,
  },
  {
    name: 'webhook',
    summary: 'have events of jobs sent to addresses, and see what became of them',
    commands: WEBHOOK_COMMANDS,
  },
  {
    name: 'cluster',
    alias: 'nodes',
    summary: 'show what runs drivers, and what of it is in use',
    load: async () => (await import('./commands/cluster.ts')).defineCluster,
  },
  {
    name: 'completion',
    summary: 'write a script that completes commands and flags in your shell',
    load: async () => (await import('./commands/completion.ts')).defineCompletion,
  },
  {
    name: 'version',
    summary: 'show the versions of this program and of the server',
    load: async () => (await import('./commands/version.ts')).defineVersion,
  },
];
