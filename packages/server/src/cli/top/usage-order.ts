import type { Queue } from '@drover/client/queue';
import type { Tenant } from '@drover/client/tenant';

/** Those with jobs first; then as jobs are started: higher priority first, and by name. */
export function orderQueues(queues: readonly Queue[]): Queue[] {
  return queues.toSorted(
    (one, other) => Number(isBusy(other)) - Number(isBusy(one)) || other.priority - one.priority || byName(one, other),
  );
}

/** Those with jobs first; then who holds most, and by name. */
export function orderTenants(tenants: readonly Tenant[]): Tenant[] {
  return tenants.toSorted(
    (one, other) =>
      Number(isBusy(other)) - Number(isBusy(one)) || other.share.now - one.share.now || byName(one, other),
  );
}

function isBusy({ use }: Queue | Tenant): boolean {
  return use.waiting > 0 || use.running > 0;
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
