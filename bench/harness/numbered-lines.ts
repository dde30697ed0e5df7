import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Prints so many bytes of lines, each another one, as fast as a pipe takes them. */
export function printNumberedLines(bytes: number): string {
  return `seq 100000000 999999999 | head -c ${bytes}`;
}

/** Checksum of the same, in hexadecimal. */
export async function checksumOfNumberedLines(bytes: number): Promise<string> {
  const child = spawn('/bin/sh', ['-c', printNumberedLines(bytes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const hash = createHash('sha256');
  for await (const chunk of child.stdout) hash.update(chunk);
  return hash.digest('hex');
}
