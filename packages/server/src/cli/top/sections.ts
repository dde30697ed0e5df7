import type { Job } from '@drover/client/job';
import { QUEUE_TABLE, queueRow } from '../display/queue-rows.ts';
import type { Cell, TableShape } from '../display/table.ts';
import { TENANT_TABLE, tenantRow } from '../display/tenant-rows.ts';
import { orderRunning, RUNNING_TABLE, runningRow, WAITING_TABLE, waitingRow } from './job-rows.ts';
import { JOBS_AT_MOST, type Snapshot } from './snapshot.ts';
import { orderQueues, orderTenants } from './usage-order.ts';
import { orderWaiting } from './waiting-order.ts';

/** A table of the picture, of which less is shown where there is no room for all. */
export interface Section {
  shape: TableShape;
  /** How many there are on the server. */
  total: number;
  /** How many of them are known. */
  known: number;
  /** Those of the known that matter most, at most so many. */
  pick(count: number): Cell[][];
}

/** From top to bottom; those without rows are left out. */
export function sectionsOf(snapshot: Snapshot, stream: NodeJS.WriteStream): Section[] {
  const { jobs, queues, tenants, running, waiting } = snapshot;
  const nowMs = Date.parse(snapshot.taken_at);
  const sections: Section[] = [
    {
      shape: QUEUE_TABLE,
      ...sizes(queues.length, queues.length),
      pick: (count) =>
        orderQueues(queues)
          .slice(0, count)
          .map((queue) => queueRow(queue, stream)),
    },
    {
      shape: TENANT_TABLE,
      ...sizes(tenants.length, tenants.length),
      pick: (count) => orderTenants(tenants).slice(0, count).map(tenantRow),
    },
    {
      shape: RUNNING_TABLE,
      ...sizes(running.length, totalOf(running, jobs.RUNNING)),
      pick: (count) =>
        orderRunning(running)
          .slice(0, count)
          .map((job) => runningRow(job, nowMs)),
    },
    {
      shape: WAITING_TABLE,
      ...sizes(waiting.length, totalOf(waiting, jobs.PENDING)),
      pick: (count) => orderWaiting(waiting, queues, count).map(waitingRow),
    },
  ];
  return sections.filter(({ known }) => known > 0);
}

function sizes(known: number, total: number): Pick<Section, 'known' | 'total'> {
  return { known, total };
}

/** A list that is not full is whole, whatever was counted a moment before. */
function totalOf(list: readonly Job[], counted: number): number {
  return list.length < JOBS_AT_MOST ? list.length : Math.max(list.length, counted);
}
