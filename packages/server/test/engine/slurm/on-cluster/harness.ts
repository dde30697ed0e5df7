import { chmodSync, chownSync, cpSync, mkdtempSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EngineEvents } from '../../../../src/engine/engine.ts';
import { readProcess } from '../../../../src/engine/local/processes/process-entry.ts';
import { quoteForShell } from '../../../../src/engine/order/shell-quote.ts';
import { type SlurmSettings, slurmSettings } from '../../../../src/engine/slurm/settings.ts';
import {
  openSlurmEngine,
  type SlurmEngine,
  type SlurmEngineOptions,
} from '../../../../src/engine/slurm/slurm-engine.ts';
import type { EngineHarness } from '../../conformance.ts';
import type { SlurmForTests } from './bring-up.ts';

type Given = Partial<Record<keyof SlurmSettings, unknown>>;

/** How an engine reaches the cluster. */
export type Door = 'socket' | 'token' | 'commands';

/** Settings for a cluster by one of its doors; null where it does not have that. */
export function settingsFor(cluster: SlurmForTests, door: Door, more: Given = {}): SlurmSettings | null {
  const { socketUrl, url, tokenFile, slurmConf } = cluster;
  const user = cluster.user === null ? {} : { user: cluster.user };
  const common = { type: 'slurm', poll_interval: '500ms', ...user, ...more };
  if (door === 'socket') return socketUrl === null ? null : slurmSettings.parse({ ...common, url: socketUrl });
  if (door === 'token') {
    return url === null || tokenFile === null ? null : slurmSettings.parse({ ...common, url, token_file: tokenFile });
  }
  return slurmSettings.parse({ ...common, ...(slurmConf === null ? {} : { slurm_conf: slurmConf }) });
}

export function openEngine(
  settings: SlurmSettings,
  attemptsDir: string,
  events: EngineEvents,
  options: Partial<SlurmEngineOptions> = {},
): Promise<SlurmEngine> {
  return openSlurmEngine(
    {
      name: 'slurm',
      settings,
      attemptsDir,
      environmentsDir: join(attemptsDir, 'environments'),
      environment: process.env,
      passVariables: [],
      logMaxBytes: 1024 ** 3,
      log: {
        warn(details, message) {
          throw new Error(`${message}: ${details.err}`, { cause: details.err });
        },
      },
      now: Date.now,
      sweepIntervalMs: 100,
      ...options,
    },
    events,
  );
}

/** Where drivers of the cluster can be, and what they can run there. */
export function slurmHarness(cluster: SlurmForTests, settings: SlurmSettings): EngineHarness {
  const fixtures = provideFixtures(cluster);
  return {
    open: (attemptsDir, events) => openEngine(settings, attemptsDir, events),
    isRunning: (pid) => readProcess(pid) !== null,
    makeFolder: () => makeFolder(cluster),
    fixture(name, ...args) {
      const interpreter = name.endsWith('.sh') ? '/bin/sh' : fixtures.node;
      return ['exec', ...[interpreter, join(fixtures.directory, name), ...args].map(quoteForShell)].join(' ');
    },
  };
}

/** A new folder that belongs to the cluster's user. */
export function makeFolder({ work, user }: SlurmForTests): string {
  const folder = mkdtempSync(join(work, 'drover-'));
  chmodSync(folder, 0o755);
  const { uid, gid } = statSync(work);
  if (user !== null) chownSync(folder, uid, gid);
  return folder;
}

/** The fixtures and this Node, where the cluster's user can read them: a clone may lie in somebody's home. */
function provideFixtures(cluster: SlurmForTests): { directory: string; node: string } {
  const directory = join(import.meta.dirname, '..', '..', 'fixtures');
  if (isOpenToAll(directory) && isOpenToAll(process.execPath)) return { directory, node: process.execPath };
  const folder = makeFolder(cluster);
  const copy = join(folder, 'fixtures');
  const node = join(folder, 'node');
  cpSync(directory, copy, { recursive: true });
  cpSync(process.execPath, node);
  return { directory: copy, node };
}

function isOpenToAll(path: string): boolean {
  for (let one = path; ; one = dirname(one)) {
    const { mode } = statSync(one);
    if ((mode & 0o001) === 0) return false;
    if (one === dirname(one)) return true;
  }
}
