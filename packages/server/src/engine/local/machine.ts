import { readFileSync, readlinkSync } from 'node:fs';
import type { SupervisorLine } from '../record/grammar.ts';

/** What tells this boot and this pid namespace from others. */
export interface Machine {
  bootId: string;
  /** Inode number of the pid namespace. */
  pidNamespace: string;
  /** When a process that has `startTicks` began, in milliseconds since 1970. */
  startedAtMs(startTicks: number): number;
  /** The present moment in ticks since boot. */
  ticksAt(timeMs: number): number;
}

/** `/proc` counts in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const MS_PER_TICK = 10;

/** Rejects where `/proc` is not that of Linux. */
export function readMachine(nowMs: () => number): Machine {
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const pidNamespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  // Read each time: the wall clock may be set.
  const bootedAtMs = () => nowMs() - Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000;
  return {
    bootId,
    pidNamespace,
    startedAtMs: (startTicks) => Math.round(bootedAtMs() + startTicks * MS_PER_TICK),
    ticksAt: (timeMs) => (timeMs - bootedAtMs()) / MS_PER_TICK,
  };
}

/** Whether the pids of a record are counted by this boot and this pid namespace; otherwise they stand for nobody here. */
export function isOfMachine(supervisor: SupervisorLine | null, machine: Machine): boolean {
  return supervisor?.bootId === machine.bootId && supervisor.pidNamespace === machine.pidNamespace;
}
