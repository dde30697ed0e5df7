/** What operations are about, in the order in which they are shown. */
export const TAGS = {
  Jobs: 'Submit jobs, look at them, wait for them, stop, delete and retry them.',
  'Many jobs': 'The same for every job that a filter matches.',
  Logs: 'What drivers have written.',
  Events: 'What has happened.',
  Queues: 'What jobs wait in.',
  Schedules: 'When which jobs are submitted by themselves.',
  Tenants: 'Whose jobs they are, and what is theirs.',
  Webhooks: 'Addresses that hear of what has happened.',
  Packages: 'Archives that jobs run in.',
  Server: 'The server itself.',
} as const;

export type Tag = keyof typeof TAGS;
