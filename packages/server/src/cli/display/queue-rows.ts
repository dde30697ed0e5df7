import type { Queue } from '@drover/client/queue';
import { HOLDING_HEADER, holdingCells } from './holdings.ts';
import { statePaint } from './paint.ts';
import type { Cell } from './table.ts';

export const QUEUE_HEADER = ['QUEUE', 'PRIORITY', 'STATE', ...HOLDING_HEADER];
/** What a narrow terminal goes without. */
export const EXPENDABLE_QUEUE_COLUMNS = ['MEMORY', 'PRIORITY', 'GPUS', 'CPUS'];

/** One line of `drover queue list`. */
export function queueRow({ name, priority, state, limits, use }: Queue, stream: NodeJS.WriteStream): Cell[] {
  return [
    { text: name },
    { text: String(priority) },
    { text: state, paint: statePaint(state, stream) },
    ...holdingCells(use, limits),
  ];
}
