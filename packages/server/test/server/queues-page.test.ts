import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, it } from 'vitest';
import { startProgram } from '../cli/fixture/run-drover.ts';
import { DROVER } from './running-server.ts';
import { readCommands } from './tour-commands.ts';
import { useServer } from './use-server.ts';

// Types the commands of docs/queues.md as they stand there, one after another, against a real server.

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const server = useServer();

beforeEach(() => server.start(['--cpus', '1']));

/** The command for this test's build and folder. `npx` would find the same program, and take a second each time. */
function adapted(command: string): string {
  return command.replaceAll('/tmp/order.txt', join(server.directory, 'order.txt')).replaceAll('npx drover', DROVER);
}

it('every command of the page does what stands behind it', { timeout: 600_000 }, async () => {
  const commands = readCommands(await readFile(`${ROOT}docs/queues.md`, 'utf8'));
  expect(commands.length).toBeGreaterThan(70);
  for (const command of commands) {
    const expected = /# → (.+)$/m.exec(command)?.[1] ?? '';
    const program = ['sh', '-c', adapted(command)];
    const { code, stdout, stderr } = await startProgram(program, { address: server.url, cwd: ROOT }).outcome;
    // The code of an error stands behind its words.
    expect({ command, code, stderr }).toMatchObject({ command, code: /\([A-Z_]+\)$/.test(expected) ? 1 : 0 });
    expect(`${stdout}${stderr}`.replace(/\s+/g, ' '), command).toContain(expected);
  }
});
