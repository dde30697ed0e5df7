import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Scenario } from '../harness/scenario.ts';

/** Long enough for everything that is done once a minute. */
const WATCH_S = 130;
const SETTLE_MS = 5_000;
/** The kernel counts processor time in hundredths of a second. */
const TICKS_PER_S = 100;

export const idle: Scenario = {
  name: 'idle',
  summary: 'processor time of a server with nothing to do',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'));
    try {
      await delay(SETTLE_MS);
      const before = cpuSeconds(drover.pid);
      await delay(WATCH_S * 1_000);
      const seconds = cpuSeconds(drover.pid) - before;
      return {
        figures: [{ what: 'of a core', value: (seconds / WATCH_S) * 100, unit: '%', reach: { atMost: 0.5 } }],
        raw: { seconds, watchedS: WATCH_S },
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

function cpuSeconds(pid: number): number {
  // The name in brackets may hold spaces; what follows it does not.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}
