import type { EngineNode } from '../../../engine.ts';
import { describeNode } from '../node-words.ts';

/** Name, state, CPUs, memory, generic resources, address, reason. */
export const SINFO_FORMAT = '%N|%T|%c|%m|%G|%o|%E';

/** Reads sinfo's lines in {@link SINFO_FORMAT}; a node is in one line for each of its partitions. */
export function readSinfo(text: string): EngineNode[] {
  const nodes = new Map<string, EngineNode>();
  for (const line of text.split('\n')) {
    const [name = '', state = '', cpus = '', memory = '', gres = '', address = '', ...reason] = line.split('|');
    if (name === '' || nodes.has(name)) continue;
    nodes.set(
      name,
      describeNode({
        name,
        address,
        cpus: Number.parseInt(cpus, 10) || 0,
        memoryMb: Number.parseInt(memory, 10) || 0,
        gres: gres === '(null)' ? '' : gres,
        state,
        reason: reason.join('|').trim(),
      }),
    );
  }
  return [...nodes.values()];
}
