import { styleText } from 'node:util';
import type { Cell } from '../display/table.ts';
import { formatLocalTime } from '../display/times.ts';
import type { Snapshot } from './snapshot.ts';

export function onceTitle(address: string, { taken_at: takenAt }: Snapshot): Cell {
  return { text: `drover at ${address}, ${formatLocalTime(takenAt)}` };
}

export function liveTitle(address: string, snapshot: Snapshot): Cell {
  return { text: `${onceTitle(address, snapshot).text} (q leaves)` };
}

/** In the place of the title while the last picture stands, since there is no newer one. */
export function troubleTitle(error: Error, since: Date): Cell {
  return {
    text: `since ${formatLocalTime(since.toISOString())} ${error.message}; trying again (q leaves)`,
    paint: (text) => styleText('red', text, { stream: process.stdout }),
  };
}
