import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { droverError } from '../../../errors/drover-error.ts';

/**
 * Appends what of `bytes`, which begin at `offset`, the log does not have. Answers its size; less than what was given where the disk took
 * only a part.
 *
 * @throws OUTPUT_GAP where the log ends before `offset`; system errors
 */
export function appendOutput(logPath: string, offset: number, bytes: Buffer): number {
  const file = openSync(logPath, 'a', 0o600);
  try {
    const { size } = fstatSync(file);
    if (offset > size) throw droverError('OUTPUT_GAP', { offset, sizeBytes: size });
    const known = size - offset;
    return known >= bytes.length ? size : size + writeSync(file, bytes, known);
  } finally {
    closeSync(file);
  }
}
