import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { attemptPaths } from '../../packages/server/src/engine/attempt-directory.ts';
import { formatOrder } from '../../packages/server/src/engine/order/order-file.ts';

const LOCAL_ENGINE = fileURLToPath(new URL('../../packages/server/src/engine/local/', import.meta.url));

/** Runs `true` so many times under the supervisor, started in a loop by the launcher alone; answers drivers per second. */
export async function runBareLauncher(directory: string, count: number): Promise<number> {
  mkdirSync(directory);
  const ids = Array.from({ length: count }, (_, index) => `attempt-${index}`);
  for (const id of ids) {
    const paths = attemptPaths(directory, id);
    mkdirSync(paths.outputDirectory, { recursive: true });
    writeFileSync(
      paths.order,
      formatOrder({ cgroups: [], workingDirectory: '/tmp', variables: {}, entrypoint: 'true' }),
    );
  }
  const begin = performance.now();
  const args = [
    join(LOCAL_ENGINE, 'launcher.sh'),
    '/bin/sh',
    join(LOCAL_ENGINE, 'supervisor.sh'),
    directory,
    readlinkSync('/proc/self/ns/pid'),
  ];
  const launcher = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'] });
  launcher.stdin?.end(`${ids.join('\n')}\n`);
  for (const id of ids) {
    while (!hasEnded(attemptPaths(directory, id).record)) await delay(2);
  }
  return count / ((performance.now() - begin) / 1_000);
}

function hasEnded(record: string): boolean {
  try {
    return /^end \d+/m.test(readFileSync(record, 'utf8'));
  } catch {
    return false;
  }
}
