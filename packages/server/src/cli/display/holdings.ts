import type { HoldingLimits, HoldingUse } from '@drover/client/queue';
import { formatAmount, formatSize } from './amounts.ts';
import type { Field } from './fields.ts';
import type { Cell } from './table.ts';

/** What jobs hold, as columns of a table. */
export const HOLDING_HEADER = ['WAITING', 'RUNNING', 'CPUS', 'GPUS', 'MEMORY'];

/** `2/4` where there is a limit of 4. */
export function holdingCells(use: HoldingUse, limits: HoldingLimits): Cell[] {
  const held = rows(use, limits).map(([, used, limit]) => (limit === null ? used : `${used}/${limit}`));
  return [String(use.waiting), ...held].map((text) => ({ text }));
}

/** `2 (at most 4)` where there is a limit of 4. */
export function holdingFields(use: HoldingUse, limits: HoldingLimits): Field[] {
  const held = rows(use, limits).map(
    ([name, used, limit]): Field => [name, limit === null ? used : `${used} (at most ${limit})`],
  );
  return [['waiting', String(use.waiting)], ...held];
}

type Row = [name: string, used: string, limit: string | null];

function rows(use: HoldingUse, limits: HoldingLimits): Row[] {
  const row = (name: string, used: number, limit: number | null, format: (amount: number) => string): Row => [
    name,
    format(used),
    limit === null ? null : format(limit),
  ];
  return [
    row('running', use.running, limits.running, String),
    row('cpus', use.cpus, limits.cpus, formatAmount),
    row('gpus', use.gpus, limits.gpus, formatAmount),
    row('memory', use.memory_bytes, limits.memory_bytes, formatSize),
  ];
}
