import type { UploadProgress } from '@drover/client/upload';

/** A line at the bottom of a terminal that fills while a folder is uploaded. */
export interface UploadBar {
  show(progress: UploadProgress): void;
  clear(): void;
}

const WIDTH = 24;
const FRAME_MS = 80;
const ERASE_LINE = '\r\x1b[K';

/** Shows nothing where the stream is no terminal, so that logs stay short. */
export function createUploadBar(stream: NodeJS.WriteStream, isSilent: boolean): UploadBar {
  if (isSilent || !stream.isTTY) return { show: () => {}, clear: () => {} };
  let shownAtMs = 0;
  let shown: string | null = null;
  return {
    show(progress) {
      const isEnd = progress.doneBytes === progress.totalBytes;
      if (!isEnd && Date.now() - shownAtMs < FRAME_MS) return;
      const line = barLine(progress);
      if (line === shown) return;
      shownAtMs = Date.now();
      shown = line;
      stream.write(`${ERASE_LINE}${line}`);
    },
    clear() {
      if (shown !== null) stream.write(ERASE_LINE);
      shown = null;
    },
  };
}

/** Such as `uploading [██████░░░░]  61% of 12.0 MiB`. */
export function barLine({ phase, doneBytes, totalBytes }: UploadProgress): string {
  // A file may have grown since it was listed.
  const part = totalBytes === 0 ? 1 : Math.min(1, doneBytes / totalBytes);
  const filled = Math.floor(part * WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const percent = `${Math.floor(part * 100)}%`.padStart(4);
  const verb = phase === 'hashing' ? 'reading  ' : 'uploading';
  return `${verb} [${bar}] ${percent} of ${(totalBytes / 2 ** 20).toFixed(1)} MiB`;
}
