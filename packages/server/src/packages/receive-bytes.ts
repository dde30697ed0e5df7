import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { droverError } from '../errors/drover-error.ts';

export interface ReceivedBytes {
  sizeBytes: number;
  sha256: string;
}

/**
 * Writes a stream to a new file, a piece at a time, so that memory holds no more than the stream's own buffer, and forces it to
 * the disk.
 *
 * @throws PACKAGE_TOO_LARGE; what `bytes` throws; system errors. The file may be there then.
 */
export async function receiveBytes(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<ReceivedBytes> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of bytes) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) throw droverError('PACKAGE_TOO_LARGE', { limitBytes: maxBytes });
      hash.update(piece);
      await writeAll(file, piece);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  return { sizeBytes, sha256: hash.digest('hex') };
}

/** A full disk may take a part of a piece and refuse the next one only. */
async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  let written = 0;
  while (written < piece.length) {
    written += (await file.write(piece, written)).bytesWritten;
  }
}
