import { type AttemptMarks, membersOf } from './members.ts';
import { identityKey } from './process-entry.ts';
import type { ProcessTree } from './process-tree.ts';
import { askToEnd, signalProcess } from './signal.ts';
import type { Sweeper } from './sweeper.ts';

/** So often is a tree stopped and looked at again before it is killed: one that forks must not outrun us. */
const STOP_ROUNDS = 10;

/** An attempt's processes where no cgroup holds them, found in sweeps of the process table. */
export function sweptTree(sweeper: Sweeper, marks: () => AttemptMarks): ProcessTree {
  const known = new Set<string>();

  async function find() {
    const table = await sweeper.sweep(marks().driver?.startTicks ?? 0);
    const members = membersOf(table, marks(), known);
    for (const member of members) known.add(identityKey(member));
    return members;
  }

  return {
    async terminate(signal) {
      for (const member of await find()) askToEnd(member.pid, signal);
    },

    async kill() {
      let stopped = 0;
      let members = await find();
      for (let round = 0; round < STOP_ROUNDS && members.length > stopped; round += 1) {
        for (const member of members) signalProcess(member.pid, 'SIGSTOP');
        stopped = members.length;
        members = await find();
      }
      for (const member of members) signalProcess(member.pid, 'SIGKILL');
    },

    async isEmpty() {
      return (await find()).length === 0;
    },
  };
}
