import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs';
import { readTextIfThere } from '../../record/read-text.ts';
import type { DriverStart } from './pod-door.ts';

/*
 * Here the server itself writes an attempt's record, from what its pod tells. The lines are those of every record (grammar: `../../record/grammar.ts`);
 * a driver's and an end's have a moment behind them, in milliseconds since 1970 by the server's clock: nodes may have others.
 */

/** @param pod UID */
export function claimLine(pod: string, node: string): string {
  return `place ${pod} ${node} .\n`;
}

export function driverLine({ pid, startTicks }: DriverStart, startedAtMs: number): string {
  return `driver ${pid} ${startTicks} ${startedAtMs} .\n`;
}

/** What the driver ended with, and nothing of it runs any more. */
export function endLine(exitCode: number, endedAtMs: number): string {
  return `end ${exitCode} ${endedAtMs} .\n`;
}

/** Appends lines to a record that is there, and has them on the disk. */
export function appendDurably(recordPath: string, lines: string): void {
  const file = openSync(recordPath, constants.O_WRONLY | constants.O_APPEND);
  try {
    // After a newline, which closes what a full disk cut short.
    writeWhole(file, `\n${lines}`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

/** When the driver began and ended, as far as the record says. */
export function readMoments(recordPath: string): { startedAtMs: number | null; endedAtMs: number | null } {
  const text = readTextIfThere(recordPath) ?? '';
  const moment = (line: RegExp) => {
    const found = line.exec(text)?.[1];
    return found === undefined ? null : Number(found);
  };
  return {
    startedAtMs: moment(/^driver \d+ \d+ (\d{1,15}) \.$/m),
    endedAtMs: moment(/^end \d+ (\d{1,15}) \.$/m),
  };
}
