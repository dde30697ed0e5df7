import type { ClusterNode } from '@drover/client/cluster';
import { formatAmount, formatSize } from './amounts.ts';
import { healthPaint } from './paint.ts';
import type { Cell, TableShape } from './table.ts';

export const NODE_TABLE: TableShape = {
  header: ['NODE', 'ADDRESS', 'ENGINE', 'VERSION', 'RUNNING', 'CPUS', 'GPUS', 'MEMORY', 'OTHER', 'HEALTH'],
  expendable: ['VERSION', 'ENGINE', 'ADDRESS', 'OTHER', 'GPUS', 'MEMORY'],
};

/** One line of `drover cluster`: what is in use, of what there is. */
export function nodeRow(node: ClusterNode, stream: NodeJS.WriteStream): Cell[] {
  const { capacity, in_use: inUse } = node;
  const others = Object.entries(capacity.custom).map(([name, total]) => `${name} ${inUse.custom[name] ?? 0}/${total}`);
  return [
    { text: node.id },
    { text: node.address },
    { text: node.engine },
    { text: node.version },
    { text: `${inUse.running}/${capacity.running}` },
    { text: `${formatAmount(inUse.cpus)}/${formatAmount(capacity.cpus)}` },
    { text: `${formatAmount(inUse.gpus)}/${capacity.gpus}`, isUsual: capacity.gpus === 0 },
    { text: `${formatSize(inUse.memory_bytes)}/${formatSize(capacity.memory_bytes)}` },
    { text: others.join(', ') || '-', isUsual: others.length === 0 },
    {
      text: node.trouble === null ? node.health : `${node.health}: ${node.trouble}`,
      paint: healthPaint(node.health, stream),
    },
  ];
}
