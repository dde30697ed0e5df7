import type { CommandEntry } from '../../lazy-commands.ts';

/** What stands behind `drover webhook`, in the order of its overview. */
export const WEBHOOK_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'list the webhooks, with what waits for them',
    load: async () => (await import('./list.ts')).defineWebhookList,
  },
  {
    name: 'show',
    summary: 'show one webhook',
    load: async () => (await import('./show.ts')).defineWebhookShow,
  },
  {
    name: 'create',
    summary: 'send events of jobs to an address from now on',
    load: async () => (await import('./create.ts')).defineWebhookCreate,
  },
  {
    name: 'set',
    summary: 'change a webhook, turn it on or off, give it a new secret',
    load: async () => (await import('./set.ts')).defineWebhookSet,
  },
  {
    name: 'test',
    summary: 'send a message now and show what comes back',
    load: async () => (await import('./test.ts')).defineWebhookTest,
  },
  {
    name: 'deliveries',
    summary: 'show what waits and what was delivered last',
    load: async () => (await import('./deliveries.ts')).defineWebhookDeliveries,
  },
  {
    name: 'delete',
    summary: 'remove webhooks, with what waits for them',
    load: async () => (await import('./delete.ts')).defineWebhookDelete,
  },
];
