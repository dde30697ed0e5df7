import type { CommandEntry } from '../../lazy-commands.ts';

/** What stands behind `drover queue`, in the order of its overview. */
export const QUEUE_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'list the queues, with what their jobs hold',
    load: async () => (await import('./list.ts')).defineQueueList,
  },
  {
    name: 'show',
    summary: 'show one queue',
    load: async () => (await import('./show.ts')).defineQueueShow,
  },
  {
    name: 'create',
    summary: 'create a queue',
    load: async () => (await import('./rules.ts')).defineQueueCreate,
  },
  {
    name: 'set',
    summary: 'change the priority, limits and defaults of a queue',
    load: async () => (await import('./rules.ts')).defineQueueSet,
  },
  {
    name: 'pause',
    summary: 'take jobs and start none',
    load: async () => (await import('./state.ts')).defineQueuePause,
  },
  {
    name: 'resume',
    summary: 'take jobs and start them, after a pause or a drain',
    load: async () => (await import('./state.ts')).defineQueueResume,
  },
  {
    name: 'drain',
    summary: 'take no more jobs, and start those that wait',
    load: async () => (await import('./state.ts')).defineQueueDrain,
  },
  {
    name: 'delete',
    summary: 'remove queues whose jobs have all ended',
    load: async () => (await import('./delete.ts')).defineQueueDelete,
  },
];
