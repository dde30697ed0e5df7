import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteForShell } from '../order/shell-quote.ts';

/** What the batch script of an attempt is told. */
export interface BatchScriptOrder {
  attemptId: string;
  /** Seen by the nodes under this path. */
  attemptDirectory: string;
  graceMs: number;
  /** Between two looks whether a stop was asked for. */
  tickSeconds: number;
}

/** Reads the supervisor's text once, and answers how the batch script of an attempt is made of it. */
export function loadBatchScript(): (order: BatchScriptOrder) => string {
  const supervisor = readFileSync(join(import.meta.dirname, 'supervisor.sh'), 'utf8');
  const driver = readFileSync(join(import.meta.dirname, '..', 'order', 'driver.sh'), 'utf8');
  const rest = `drover_driver=${quoteForShell(driver)}\n\n${supervisor}`;
  return ({ attemptId, attemptDirectory, graceMs, tickSeconds }) =>
    [
      '#!/bin/sh',
      `drover_attempt=${quoteForShell(attemptDirectory)}`,
      `drover_id=${quoteForShell(attemptId)}`,
      `drover_grace=${hundredths(graceMs)}`,
      `drover_tick=${tickSeconds}`,
      rest,
    ].join('\n');
}

/** Milliseconds in the unit that supervisors count in, never fewer. */
export function hundredths(ms: number): number {
  return Math.ceil(ms / 10);
}
