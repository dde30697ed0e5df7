import { mkdirSync, realpathSync } from 'node:fs';
import { type AttemptPaths, attemptPaths } from '../attempt-directory.ts';
import { type AttemptHandle, type Engine, type EngineEvents, LOCAL_ENGINE } from '../engine.ts';
import { allowedEnvironment, driverVariables } from '../order/driver-environment.ts';
import { writeOrder } from '../order/order-file.ts';
import { watchRecord } from '../record/watch-record.ts';
import { repeatSweep } from '../repeat-sweep.ts';
import { warnOnce } from '../warn-once.ts';
import { attemptTree } from './attempt-tree.ts';
import { makeAttemptCgroups, removeUnusedParents } from './cgroups/attempt-cgroups.ts';
import { removeIfUnused } from './cgroups/probe.ts';
import { type FollowedAttempt, followAttempt } from './follow-attempt.ts';
import { startLauncher } from './launcher.ts';
import { readMachine } from './machine.ts';
import type { LocalEngineDescription, LocalEngineOptions } from './options.ts';
import { readProcessTableTwice } from './processes/process-table.ts';
import { createSweeper } from './processes/sweeper.ts';
import { requirePrograms } from './require-programs.ts';
import { findSurroundings } from './surroundings.ts';

export interface LocalEngine extends Engine {
  describe(): LocalEngineDescription;
  /** Pid of the shell that starts supervisors; null while it is being replaced. */
  launcherPid(): number | null;
}

/** It names a directory and a cgroup, and is a line for the launcher. */
const ATTEMPT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

interface Watched {
  attempt: FollowedAttempt;
  capLog(): Promise<void>;
  endWatch(): void;
}

/**
 * Opens the engine that runs drivers on this machine. Rejects on a machine without Linux' `/proc`, where a program is missing that
 * every driver needs, and where the attempts' directory cannot be written.
 */
export async function openLocalEngine(options: LocalEngineOptions, events: EngineEvents): Promise<LocalEngine> {
  const { environment = process.env } = options;
  const warnAlways = (message: string, cause?: unknown) => options.log.warn({ err: cause }, message);
  const attemptsDir = realpathSync(options.attemptsDir);
  const machine = readMachine(Date.now);
  const followed = new Map<string, Watched>();
  const shell = options.shell ?? '/bin/sh';
  const passedEnvironment = allowedEnvironment(environment, options.passVariables);
  requirePrograms(shell, passedEnvironment);
  // Before anything else grows this process.
  const launcher = startLauncher({
    attemptsDir,
    pidNamespace: machine.pidNamespace,
    environment: passedEnvironment,
    shell,
    onReplaced() {
      for (const { attempt } of followed.values()) attempt.launch();
    },
    warn: warnAlways,
  });

  const surroundings = await findSurroundings(attemptsDir, machine, options).catch(async (error) => {
    await launcher.close();
    throw error;
  });
  const { layout, strays, logCapper, description, capacity } = surroundings;
  const sweeper = createSweeper(readProcessTableTwice);

  function watch(handle: AttemptHandle, paths: AttemptPaths, cgroups: readonly string[] | null): FollowedAttempt {
    const { attemptId } = handle;
    const warn = warnOnce(warnAlways);
    const capLog = () => logCapper.cap(paths, warn);
    const attempt = followAttempt(handle, paths, {
      machine,
      nowMs: Date.now,
      launch: launcher.launch,
      treeOf: (marks) => attemptTree(paths, marks, cgroups, layout, sweeper),
      capLog,
      report(observation) {
        if (observation.kind !== 'started') forget(attemptId);
        events.onObservation(observation);
      },
      warn,
    });
    const endWatch = watchRecord(paths, attempt.onRecordWritten, (error) =>
      warn(`attempt ${attemptId} cannot be watched; news of it come with the next sweep`, error),
    );
    followed.set(attemptId, { attempt, capLog, endWatch });
    return attempt;
  }

  function forget(attemptId: string): void {
    followed.get(attemptId)?.endWatch();
    followed.delete(attemptId);
  }

  const watched = () => [...followed.values()];
  const repeated = [
    repeatSweep(options.sweepIntervalMs ?? 2000, watched, ({ attempt }) => attempt.examine()),
    repeatSweep(options.logCheckIntervalMs ?? 5000, watched, ({ capLog }) => void capLog()),
  ];
  // Not at once: the cgroup of an attempt that ended while no server ran still knows whether memory ran out.
  const strayTimer = setTimeout(() => {
    for (const { attemptId, directory } of strays) {
      try {
        if (!followed.has(attemptId)) removeIfUnused(directory);
      } catch (error) {
        warnAlways(`the cgroup ${directory}, which nobody needs, could not be removed`, error);
      }
    }
  }, options.strayCgroupsAfterMs ?? 30_000);

  return {
    name: LOCAL_ENGINE,
    hasOwnQueue: false,
    sharesDisk: true,
    runsContainers: false,
    bootId: machine.bootId,
    capacity: () => capacity,
    nodes: () => [],
    reasonToWait: () => null,
    checkOptions: (given) => (Object.keys(given).length === 0 ? null : 'the local engine takes no options'),
    trouble: () => (launcher.pid() === null ? 'the launcher of drivers ended and is being replaced' : null),
    describe: () => description,
    launcherPid: launcher.pid,

    async handOver(order) {
      const { attemptId, jobId, resources, graceMs } = order;
      if (!ATTEMPT_ID.test(attemptId)) throw new Error(`'${attemptId}' cannot be the id of an attempt`);
      if (followed.has(attemptId)) return;
      const paths = attemptPaths(attemptsDir, attemptId);
      const variables = driverVariables(order, capacity.gpuIds.length > 0);
      mkdirSync(paths.outputDirectory, { recursive: true, mode: 0o700 });
      const cgroups = layout ? makeAttemptCgroups(layout, attemptId, resources) : [];
      try {
        writeOrder(paths.order, { ...order, cgroups, variables });
      } catch (error) {
        for (const directory of cgroups) removeIfUnused(directory);
        throw error;
      }
      const handle = { attemptId, jobId, bootId: machine.bootId, started: false, resources, graceMs };
      watch(handle, paths, cgroups).launch();
    },

    follow(handle) {
      if (followed.has(handle.attemptId)) return;
      const paths = attemptPaths(attemptsDir, handle.attemptId);
      const attempt = watch(handle, paths, null);
      void followed.get(handle.attemptId)?.capLog();
      // Not within this call: whoever follows an attempt expects its news after that.
      setImmediate(attempt.examine);
    },

    stop(attemptId, graceMs, signal) {
      followed.get(attemptId)?.attempt.stop(graceMs, signal);
    },

    async close() {
      for (const end of repeated) end();
      clearTimeout(strayTimer);
      const closing = watched().map(({ attempt, endWatch }) => {
        endWatch();
        return attempt.close();
      });
      followed.clear();
      await Promise.all(closing);
      await launcher.close();
      if (layout) removeUnusedParents(layout);
    },
  };
}
