import type { Tenant } from '@drover/client/tenant';
import { formatAmount, formatPart } from './amounts.ts';
import { HOLDING_HEADER, holdingCells } from './holdings.ts';
import type { Cell, TableShape } from './table.ts';

export const TENANT_TABLE: TableShape = {
  header: ['TENANT', 'WEIGHT', 'SHARE', 'LATELY', 'QUEUE', ...HOLDING_HEADER],
  expendable: ['MEMORY', 'QUEUE', 'LATELY', 'GPUS', 'CPUS', 'WEIGHT'],
};

/** One line of `drover tenant list`. */
export function tenantRow({ name, weight, quota, default_queue: queue, use, share }: Tenant): Cell[] {
  const cells = [name, formatAmount(weight), formatPart(share.now), formatPart(share.average), queue];
  return [...cells.map((text) => ({ text })), ...holdingCells(use, quota)];
}
