import type { Command } from 'commander';
import { addConnectionOptions, addressOf, connect, wantsJson } from '../connection.ts';
import { terminalWidth } from '../display/terminal-width.ts';
import { write, writeJson } from '../output.ts';
import { drawPicture } from '../top/picture.ts';
import { takeSnapshot } from '../top/snapshot.ts';
import { onceTitle } from '../top/title.ts';
import { watchServer } from '../top/watch-server.ts';

const HELP = `
On a terminal the picture is new every 2 seconds, until q or Ctrl-C; elsewhere, with --once and with --json there is one. Each
picture takes five requests. Jobs that run stand there with what they asked for, the longest first; jobs that wait by queue, with
the reason. Of each kind the newest 100 are looked at.`;

export function defineTop(command: Command): void {
  command.option('--once', 'write one picture, and end');
  addConnectionOptions(command).addHelpText('after', HELP);
  command.action(async ({ once }: { once?: boolean }) => {
    const client = connect(command);
    const address = addressOf(command);
    const { stdout: stream } = process;
    const isJson = wantsJson(command);
    if (stream.isTTY && !once && !isJson) return watchServer(client, address);
    const snapshot = await takeSnapshot(client);
    if (isJson) return writeJson(snapshot);
    const frame = { title: onceTitle(address, snapshot), columns: terminalWidth(stream), rows: null, stream };
    await write(`${drawPicture(snapshot, frame).join('\n')}\n`);
  });
}
