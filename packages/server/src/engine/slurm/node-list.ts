import type { EngineCapacity, EngineNode } from '../engine.ts';
import type { SlurmClient } from './client/slurm-client.ts';
import type { Contact } from './contact.ts';

/** The cluster's nodes, asked for seldom. */
export interface NodeList {
  nodes(): readonly EngineNode[];
  addressOf(name: string): string;
  close(): void;
}

const EVERY_MS = 60_000;
const IN_TROUBLE_EVERY_MS = 5_000;

/** @param onChange hears that the nodes, or what they have, are others now */
export function openNodeList(client: SlurmClient, contact: Contact, onChange: () => void): NodeList {
  let nodes: readonly EngineNode[] = [];
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  async function ask(): Promise<void> {
    try {
      const listed = await contact.reach(() => client.listNodes());
      const isChanged = JSON.stringify(listed) !== JSON.stringify(nodes);
      nodes = listed;
      if (isChanged && !closed) onChange();
    } catch {
      // The contact keeps why; what was known of the nodes stays.
    }
    if (!closed) timer = setTimeout(ask, contact.isBroken() ? IN_TROUBLE_EVERY_MS : EVERY_MS);
  }

  void ask();
  return {
    nodes: () => nodes,
    addressOf: (name) => nodes.find((node) => node.name === name)?.address ?? name,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** What all nodes have together; custom resources under the names that jobs use. */
export function capacityOf(
  nodes: readonly EngineNode[],
  customResources: Readonly<Record<string, string>>,
): EngineCapacity {
  const sum = (amountOf: (node: EngineNode) => number) => nodes.reduce((total, node) => total + amountOf(node), 0);
  return {
    cpus: sum(({ cpus }) => cpus),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    gpuIds: nodes.flatMap(({ name, gpus }) => Array.from({ length: gpus }, (_, index) => `${name}:${index}`)),
    custom: Object.fromEntries(
      Object.entries(customResources).map(([name, gres]) => [
        name,
        sum(({ custom }) => custom[gres.split(':')[0] ?? ''] ?? 0),
      ]),
    ),
  };
}
