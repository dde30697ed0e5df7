import type { Job } from '@drover/client/job';
import type { Queue } from '@drover/client/queue';
import { shareRows } from './share-rows.ts';

/**
 * At most `rows` of the jobs, those of a queue together in the order in which they come: queues of higher priority first. Where
 * not all can be shown, every queue gets its share, so that a long one hides no other.
 */
export function orderWaiting(jobs: readonly Job[], queues: readonly Queue[], rows: number): Job[] {
  const priorities = new Map(queues.map(({ name, priority }) => [name, priority]));
  const priorityOf = (name: string) => priorities.get(name) ?? 0;
  const groups = [...Map.groupBy(jobs, ({ queue }) => queue)].sort(
    ([one], [other]) => priorityOf(other) - priorityOf(one) || (one < other ? -1 : 1),
  );
  const shares = shareRows(
    groups.map(([, group]) => group.length),
    rows,
  );
  return groups.flatMap(([, group], index) => group.sort(byPlace).slice(0, shares[index]));
}

/** The place counts within a tenant; those that have none yet are about to get one. */
function byPlace(one: Job, other: Job): number {
  const place = ({ pending_reason: reason }: Job) => reason?.jobs_ahead ?? -1;
  return (
    place(one) - place(other) ||
    other.priority - one.priority ||
    Date.parse(one.submitted_at) - Date.parse(other.submitted_at)
  );
}
