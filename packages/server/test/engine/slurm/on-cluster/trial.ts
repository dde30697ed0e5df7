import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attemptPaths } from '../../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../../src/engine/engine.ts';
import type { SlurmSettings } from '../../../../src/engine/slurm/settings.ts';
import type { SlurmEngine, SlurmEngineOptions } from '../../../../src/engine/slurm/slurm-engine.ts';
import { createNews, type News } from '../../news.ts';
import { orderFor } from '../../orders.ts';
import { until } from '../../until.ts';
import type { SlurmForTests } from './bring-up.ts';
import { makeFolder, openEngine } from './harness.ts';

/** An engine on a folder of its own, for one test that lets things go wrong. */
export interface Trial extends AsyncDisposable {
  folder: string;
  attemptsDir: string;
  engine(): SlurmEngine;
  news(): News;
  /** What the engine warned of. */
  warnings: string[];
  /** Closes the engine, and opens another with fresh ears. */
  close(): Promise<void>;
  open(other?: SlurmSettings): Promise<void>;
  /** An order for a driver that notes its start before it runs the command. */
  orderFor(command: string, details?: Partial<AttemptOrder>): AttemptOrder;
  /** How often drivers of the attempt have begun. */
  startsOf(order: AttemptOrder): number;
  logOf(order: AttemptOrder): string;
  hasLogged(order: AttemptOrder, text: string): Promise<unknown>;
}

export async function openTrial(
  cluster: SlurmForTests,
  settings: SlurmSettings,
  options: Partial<SlurmEngineOptions> = {},
): Promise<Trial> {
  const folder = makeFolder(cluster);
  const attemptsDir = mkdtempSync(join(folder, 'attempts-'));
  const starts = join(folder, 'starts');
  const warnings: string[] = [];
  let news = createNews();
  let engine: SlurmEngine | null = null;

  async function open(other = settings): Promise<void> {
    news = createNews();
    engine = await openEngine(other, attemptsDir, news, {
      log: { warn: (details, message) => warnings.push(`${message}: ${details.err}`) },
      ...options,
    });
  }

  async function close(): Promise<void> {
    await engine?.close();
    engine = null;
  }

  const logOf = (order: AttemptOrder) => readFileSync(attemptPaths(attemptsDir, order.attemptId).log, 'utf8');
  await open();
  return {
    folder,
    attemptsDir,
    warnings,
    open,
    close,
    news: () => news,
    engine() {
      if (engine === null) throw new Error('the engine is closed');
      return engine;
    },
    orderFor: (command, details) => orderFor(`echo "$DROVER_ATTEMPT" >>'${starts}'; ${command}`, details),
    startsOf: ({ attemptId }) => linesOf(starts).filter((line) => line === attemptId).length,
    logOf,
    hasLogged: (order, text) =>
      until(`'${text}' in the log`, () => {
        try {
          return logOf(order).includes(text);
        } catch {
          return false; // Not there yet.
        }
      }),
    async [Symbol.asyncDispose]() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return []; // Nothing has begun.
  }
}
