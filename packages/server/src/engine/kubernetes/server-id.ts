import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appearOnce } from './attempt-file.ts';

/** By what Jobs of this attempts' directory are told from those of others, as long as the directory exists. */
export function openServerId(attemptsDir: string, engine: string): string {
  const path = join(attemptsDir, `.kubernetes-${engine}`);
  appearOnce(path, randomBytes(10).toString('hex'));
  return readFileSync(path, 'utf8').trim();
}
