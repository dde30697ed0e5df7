import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from '../processes/signal.ts';
import { cgroupsBelow, pidsBelow } from './contents.ts';
import { freeze, isFrozen, thaw } from './freezer.ts';
import { writeIfThere } from './write-if-there.ts';

/** So often at most is a cgroup looked at in one go; whoever kills it comes again. */
const MOST_LOOKS = 50;
/** Between looks while processes come to a halt: one that sleeps in the kernel may take long. */
const FREEZING_MS = 1;

/** Sends SIGKILL to all that a cgroup and those below it hold. */
export async function killCgroup(directory: string): Promise<void> {
  if (writeIfThere(join(directory, 'cgroup.kill'), '1')) return;
  // Before Linux 5.14, and in v1: nothing of it may fork while it is killed, which its freezer sees to if it has one.
  const freezes = freeze(directory);
  try {
    await killEach(directory, freezes);
  } finally {
    // Frozen processes die when they are thawed. A driver may have frozen cgroups of its own.
    for (const cgroup of cgroupsBelow(directory)) thaw(cgroup);
  }
}

/** Looks again until a look finds nothing new and, where it is being frozen, began after everything had come to a halt. */
async function killEach(directory: string, freezes: boolean): Promise<void> {
  const killed = new Set<number>();
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    const atRest = !freezes || isFrozen(directory);
    const fresh = pidsBelow(directory).filter((pid) => !killed.has(pid));
    for (const pid of fresh) {
      signalProcess(pid, 'SIGKILL');
      killed.add(pid);
    }
    if (atRest && (freezes || fresh.length === 0)) return;
    if (!atRest) await delay(FREEZING_MS);
  }
}
