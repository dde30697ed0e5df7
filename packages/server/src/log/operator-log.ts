import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from '../config/config.ts';

/** The operator's log: one JSON object a line on stderr; stdout has the readiness line alone. */
export function createOperatorLog(level: Config['logLevel']): Logger {
  // Written at once: what a crash is explained by must not sit in a buffer.
  return pino({ level, base: null, timestamp: stdTimeFunctions.isoTime }, destination({ dest: 2, sync: true }));
}
