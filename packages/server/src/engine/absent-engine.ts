import type { Engine } from './engine.ts';

/**
 * Stands for an engine that the server is not configured with (any more): what runs there goes on unseen, and what waits for it waits, until a
 * server has it again.
 */
export function absentEngine(name: string): Engine {
  const trouble = `this server has no engine ${name}; its configuration names those that it has`;
  return {
    name,
    hasOwnQueue: true,
    sharesDisk: false,
    runsContainers: false,
    bootId: '',
    capacity: () => ({ cpus: 0, memoryBytes: 0, gpuIds: [], custom: {} }),
    nodes: () => [],
    trouble: () => trouble,
    reasonToWait: () => trouble,
    checkOptions: () => null,
    handOver: () => Promise.reject(new Error(trouble)),
    follow: () => {},
    stop: () => {},
    close: async () => {},
  };
}
