import { spawn } from 'node:child_process';
import { closeSync, fstatSync, readSync } from 'node:fs';
import type { DoorClient } from './door-client.ts';
import type { PodFolder } from './pod-folder.ts';
import { watchFolder } from './watch-files.ts';

/** Brings a growing file to the server, piece by piece. It stays open, so that what is in it is not lost with the folder. */
export interface OutputShipment {
  /** Sends what there is by now, to its end. Resolves with its size. */
  finish(): Promise<number>;
  /** The server is short of what was sent before: begins again there. */
  goBackTo(offset: number): void;
  close(): void;
}

const PIECE_BYTES = 512 * 1024;
/** Of what was delivered, so much is kept: a server whose machine lost its power may ask for it again. The rest is given back to the node. */
const KEPT_BYTES = 64 * 1024 * 1024;

export function shipOutput(door: DoorClient, folder: PodFolder, name: string): OutputShipment {
  let file: number | null = null;
  let offset = 0;
  let droppedBytes = 0;
  let sending: Promise<void> | null = null;
  let isClosed = false;

  /** How much there is by now; nothing before the driver's container has made the file. */
  function size(): number {
    if (!isClosed) file ??= folder.openFile(name);
    return file === null ? 0 : fstatSync(file).size;
  }

  function readPiece(): Buffer {
    const piece = Buffer.allocUnsafe(Math.max(0, Math.min(size() - offset, PIECE_BYTES)));
    return file === null ? piece : piece.subarray(0, readSync(file, piece, 0, piece.length, offset));
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      const bytes = isClosed ? null : readPiece();
      if (bytes === null || bytes.length === 0) return;
      const answer = await door.ask({ method: 'POST', path: `output?offset=${offset}`, bytes });
      answer.body.resume();
      const size = Number(answer.headers['drover-output-size']);
      if (Number.isSafeInteger(size)) offset = size;
      dropDelivered();
    }
  }

  /** A node's disk is not to fill with what the server has. */
  function dropDelivered(): void {
    const until = Math.floor((offset - KEPT_BYTES) / 4096) * 4096;
    if (isClosed || file === null || until - droppedBytes < KEPT_BYTES) return;
    droppedBytes = until;
    // Where the file system cannot, all is kept.
    const args = ['--punch-hole', '--keep-size', '--offset', '0', '--length', `${until}`, '/proc/self/fd/3'];
    spawn('fallocate', args, { stdio: ['ignore', 'ignore', 'ignore', file] }).on('error', () => undefined);
  }

  /** One sending at a time; what comes meanwhile is sent by it too. */
  function send(): Promise<void> {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
    return sending;
  }

  // What cannot be read is found again by `finish`.
  const end = watchFolder(folder.path, () => void send().catch(() => undefined));
  return {
    async finish() {
      for (;;) {
        await send();
        const written = size();
        if (offset >= written) return written;
      }
    },
    goBackTo(earlier) {
      offset = Math.min(offset, earlier);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      end();
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
