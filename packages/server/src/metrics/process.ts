import { readdirSync, readFileSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { addReadCounter, addReadGauge, single } from './read-metrics.ts';

/**
 * The server's own process, under the names that all Prometheus clients use. (prom-client's collection of them starts a timer
 * that wakes the process a hundred times a second.)
 */
export function addProcess(registry: Registry): void {
  const gauge = (name: string, help: string, value: () => number) =>
    addReadGauge(registry, { name, help, read: () => single(value()) });

  addReadCounter(registry, {
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the server, without drivers',
    read() {
      const { user, system } = process.cpuUsage();
      return single((user + system) / 1e6);
    },
  });
  gauge('process_resident_memory_bytes', 'Resident memory of the server', process.memoryUsage.rss);
  gauge('nodejs_heap_size_used_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed);
  gauge('nodejs_heap_size_total_bytes', 'JavaScript heap as it is allocated', () => process.memoryUsage().heapTotal);
  gauge('nodejs_external_memory_bytes', 'Memory of buffers and other objects outside the JavaScript heap', () => {
    return process.memoryUsage().external;
  });
  gauge('process_open_fds', 'Open file descriptors', countOpenDescriptors);
  const maxDescriptors = readMaxDescriptors();
  gauge('process_max_fds', 'File descriptors that may be open', () => maxDescriptors);
  gauge('process_start_time_seconds', 'When the server began, in seconds since 1970', () => {
    return performance.timeOrigin / 1_000;
  });
}

/** Without the one that the look itself takes. */
function countOpenDescriptors(): number {
  return readdirSync('/proc/self/fd').length - 1;
}

function readMaxDescriptors(): number {
  const limit = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}
