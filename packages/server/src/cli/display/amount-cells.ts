import type { Amounts, NodeAmounts } from '@drover/client/cluster';
import { formatAmount, formatSize } from './amounts.ts';
import type { Cell } from './table.ts';

/** Headers of {@link amountCells}. */
export const AMOUNT_HEADER = ['RUNNING', 'CPUS', 'GPUS', 'MEMORY', 'OTHER'];

/** What is in use, of what there is; only the latter where the former is not known. */
export function amountCells(capacity: NodeAmounts, inUse: Amounts | null): Cell[] {
  const part = (total: string, used: string | undefined) => (used === undefined ? total : `${used}/${total}`);
  const others = Object.entries(capacity.custom).map(([name, total]) => {
    return `${name} ${part(`${total}`, inUse === null ? undefined : `${inUse.custom[name] ?? 0}`)}`;
  });
  return [
    { text: part(capacity.running?.toString() ?? '-', inUse?.running.toString()) },
    { text: part(formatAmount(capacity.cpus), inUse === null ? undefined : formatAmount(inUse.cpus)) },
    {
      text: part(`${capacity.gpus}`, inUse === null ? undefined : formatAmount(inUse.gpus)),
      isUsual: capacity.gpus === 0,
    },
    { text: part(formatSize(capacity.memory_bytes), inUse === null ? undefined : formatSize(inUse.memory_bytes)) },
    { text: others.join(', ') || '-', isUsual: others.length === 0 },
  ];
}
