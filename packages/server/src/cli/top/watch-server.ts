import { setTimeout as delay } from 'node:timers/promises';
import type { DroverClient } from '@drover/client';
import { DroverApiError, DroverUnreachableError } from '@drover/client/errors';
import { drawPicture } from './picture.ts';
import { openScreen } from './screen.ts';
import { takeSnapshot } from './snapshot.ts';
import { liveTitle, troubleTitle } from './title.ts';

const REFRESH_MS = 2_000;

/**
 * Shows the server on the terminal until the user has had enough. A server that goes away is waited for, with its last picture.
 * The next picture is asked for {@link REFRESH_MS} after the last one has come, so that a slow server is not asked more often
 * than it can answer.
 */
export async function watchServer(client: DroverClient, address: string): Promise<void> {
  // The first one before the terminal is taken over: what is wrong with the address or the token is an error like elsewhere.
  let snapshot = await takeSnapshot(client);
  let title = liveTitle(address, snapshot);
  let troubleSince: Date | null = null;
  const quit = new AbortController();
  const draw = () => {
    const { columns, rows } = screen;
    screen.show(drawPicture(snapshot, { title, columns, rows, stream: process.stdout }));
  };
  const screen = openScreen(process.stdin, process.stdout, { onQuit: () => quit.abort(), onRedraw: draw });
  try {
    for (;;) {
      draw();
      await delay(REFRESH_MS, undefined, { signal: quit.signal });
      try {
        snapshot = await takeSnapshot(client, quit.signal);
        title = liveTitle(address, snapshot);
        troubleSince = null;
      } catch (error) {
        if (!isPassing(error)) throw error;
        troubleSince ??= new Date();
        title = troubleTitle(error, troubleSince);
      }
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    screen.close();
  }
}

/** A server that is restarted, or out of reach for a while; nothing that another question would not change. */
function isPassing(error: unknown): error is DroverApiError | DroverUnreachableError {
  return error instanceof DroverUnreachableError || (error instanceof DroverApiError && error.status >= 500);
}
