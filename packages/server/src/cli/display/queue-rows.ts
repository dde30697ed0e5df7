import type { Queue } from '@drover/client/queue';
import { HOLDING_HEADER, holdingCells } from './holdings.ts';
import { statePaint } from './paint.ts';
import type { Cell, TableShape } from './table.ts';

export const QUEUE_TABLE: TableShape = {
  header: ['QUEUE', 'PRIORITY', 'STATE', ...HOLDING_HEADER],
  expendable: ['MEMORY', 'PRIORITY', 'GPUS', 'CPUS'],
};

/** One line of `drover queue list`. */
export function queueRow({ name, priority, state, limits, use }: Queue, stream: NodeJS.WriteStream): Cell[] {
  return [
    { text: name },
    { text: String(priority) },
    { text: state, paint: statePaint(state, stream) },
    ...holdingCells(use, limits),
  ];
}
