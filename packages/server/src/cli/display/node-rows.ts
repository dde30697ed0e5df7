import type { ClusterNode, Engine } from '@drover/client/cluster';
import { AMOUNT_HEADER, amountCells } from './amount-cells.ts';
import { healthPaint } from './paint.ts';
import type { Cell, TableShape } from './table.ts';

export const NODE_TABLE: TableShape = {
  header: ['NODE', 'ADDRESS', 'ENGINE', 'VERSION', ...AMOUNT_HEADER, 'HEALTH'],
  expendable: ['VERSION', 'ENGINE', 'ADDRESS', 'OTHER', 'GPUS', 'MEMORY'],
};

export const ENGINE_TABLE: TableShape = {
  header: ['ENGINE', 'WAITING', ...AMOUNT_HEADER, 'HEALTH'],
  expendable: ['OTHER', 'GPUS', 'MEMORY'],
};

/** One line of `drover cluster`: what is in use, of what there is. */
export function nodeRow(node: ClusterNode, stream: NodeJS.WriteStream): Cell[] {
  return [
    { text: node.id },
    { text: node.address },
    { text: node.engine },
    { text: node.version },
    ...amountCells(node.capacity, node.in_use),
    healthCell(node, stream),
  ];
}

/** The same of an engine as a whole. */
export function engineRow(engine: Engine, stream: NodeJS.WriteStream): Cell[] {
  return [
    { text: engine.name },
    { text: String(engine.waiting) },
    ...amountCells(engine.capacity, engine.in_use),
    healthCell(engine, stream),
  ];
}

function healthCell({ health, trouble }: Pick<Engine, 'health' | 'trouble'>, stream: NodeJS.WriteStream): Cell {
  return { text: trouble === null ? health : `${health}: ${trouble}`, paint: healthPaint(health, stream) };
}
