import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../config/config.ts';
import { createLineWriter } from './line-writer.ts';

const STDERR = 2;

/**
 * The operator's log: one JSON object a line on stderr; stdout has the readiness line alone. What cannot be written is lost, and
 * the server goes on.
 */
export function createOperatorLog(level: Config['logLevel']): Logger {
  // Written at once: what a crash is explained by must not sit in a buffer.
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, createLineWriter(STDERR, lossLine));
}

function lossLine(dropped: number, reason: string): string {
  const msg = `${dropped} lines before this one could not be written`;
  return `${JSON.stringify({ level: pino.levels.values.warn, time: new Date().toISOString(), reason, msg })}\n`;
}
