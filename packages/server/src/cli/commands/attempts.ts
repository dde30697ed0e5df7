import type { Command } from 'commander';
import { addConnectionOptions, connect, wantsJson } from '../connection.ts';
import { ATTEMPT_TABLE, attemptRow } from '../display/attempt-rows.ts';
import { createTable } from '../display/table.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { note, write, writeJson } from '../output.ts';

export function defineAttempts(command: Command): void {
  command.argument('<id>', 'id of the job');
  addConnectionOptions(command).addHelpText(
    'after',
    '\nThe first one first; the last is the one that runs, or that the job ended with. An array has none, its elements have.',
  );
  command.action(async (id: string) => {
    const attempts = await connect(command).attempts(id);
    if (wantsJson(command)) {
      for (const attempt of attempts) await writeJson(attempt);
      return;
    }
    if (attempts.length === 0) return note('no attempts');
    const table = createTable(ATTEMPT_TABLE, terminalWidth(process.stdout));
    const nowMs = Date.now();
    await write(table.render(attempts.map((attempt) => attemptRow(attempt, nowMs))));
  });
}
