import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DoorClient } from './door-client.ts';
import { watchFolder } from './watch-files.ts';

/** Brings a growing file to the server, piece by piece. */
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

export function shipOutput(door: DoorClient, path: string): OutputShipment {
  const piece = Buffer.alloc(PIECE_BYTES);
  let offset = 0;
  let droppedBytes = 0;
  let sending: Promise<void> | null = null;
  let isClosed = false;

  function readPiece(): Buffer {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return piece.subarray(0, 0); // Not there yet.
    }
    try {
      return piece.subarray(0, readSync(file, piece, 0, PIECE_BYTES, offset));
    } finally {
      closeSync(file);
    }
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
    if (until - droppedBytes < KEPT_BYTES) return;
    droppedBytes = until;
    // Where the file system cannot, all is kept.
    execFile(
      'fallocate',
      ['--punch-hole', '--keep-size', '--offset', '0', '--length', `${until}`, path],
      () => undefined,
    );
  }

  /** One sending at a time; what comes meanwhile is sent by it too. */
  function send(): Promise<void> {
    sending ??= sendAll().finally(() => {
      sending = null;
    });
    return sending;
  }

  const end = watchFolder(dirname(path), () => void send());
  return {
    async finish() {
      for (;;) {
        await send();
        const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        if (offset >= size) return size;
      }
    },
    goBackTo(earlier) {
      offset = Math.min(offset, earlier);
    },
    close() {
      isClosed = true;
      end();
    },
  };
}
