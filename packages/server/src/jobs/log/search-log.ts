import type { JobLog } from '../job-log.ts';
import { matchingLines, wholeLinesLength } from './matching-lines.ts';

export interface LogSearch {
  /** Part of a line, as it is: no pattern, and upper and lower case differ. */
  text: string;
  /** Where to begin: the beginning of a line. */
  afterOffset: number;
  /** Most lines to find. */
  limit: number;
  /** Most bytes to read; what is left is for the next search. */
  maxBytes: number;
}

export interface LogMatch {
  /** Of the line's first byte. */
  offset: number;
  /** The line without its end, cut behind its first {@link MAX_TEXT_BYTES}. */
  text: string;
}

export interface LogSearchResult {
  matches: LogMatch[];
  /** Where the next search goes on. */
  nextOffset: number;
  /** Whether all was searched that the log has now. */
  isComplete: boolean;
}

/** Read at once. A line that is longer is searched in pieces of this size. */
const WINDOW_BYTES = 1024 * 1024;
const MAX_TEXT_BYTES = 4 * 1024;

/** Looks for lines that hold a text, a window at a time. Null where the job is unknown. */
export async function searchLog(
  log: JobLog,
  { text, afterOffset, limit, maxBytes }: LogSearch,
  signal: AbortSignal,
): Promise<LogSearchResult | null> {
  const wanted = Buffer.from(text);
  const matches: LogMatch[] = [];
  let position = afterOffset;
  for (let readBytes = 0; ; ) {
    const extent = await log.extent();
    if (extent === null) return null;
    position = Math.max(position, extent.firstByte);
    if (position >= extent.endByte) return { matches, nextOffset: position, isComplete: true };
    if (readBytes >= maxBytes || signal.aborted) return { matches, nextOffset: position, isComplete: false };

    const end = Math.min(extent.endByte, position + WINDOW_BYTES);
    const window = await collect(log.read(position, end, signal));
    readBytes += end - position;
    const after = await log.extent();
    if (after === null) return null;
    // The front was dropped while it was read: these bytes may begin anywhere.
    if (signal.aborted || after.firstByte > position) continue;

    const isEnd = end === extent.endByte;
    const wholeBytes = wholeLinesLength(window);
    // A line that is still being written is searched as it is, and so is the piece of one that fills the window.
    const searched = isEnd || wholeBytes === 0 ? window : window.subarray(0, wholeBytes);
    let matchedEnd = 0;
    for (const { start, end: lineEnd } of matchingLines(searched, wanted)) {
      const shown = searched.subarray(start, Math.min(lineEnd, start + MAX_TEXT_BYTES));
      matches.push({ offset: position + start, text: shown.toString() });
      matchedEnd = Math.min(lineEnd + 1, searched.length);
      if (matches.length === limit) return { matches, nextOffset: position + matchedEnd, isComplete: false };
    }
    // What is still being written comes again with its rest, unless it was found already.
    if (isEnd) return { matches, nextOffset: position + Math.max(wholeBytes, matchedEnd), isComplete: true };
    position += searched.length;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
