import type { JobLog } from '../../jobs/job-log.ts';

const MAX_LINES = 10;
const MAX_CHARS = 20_000;
/** A character takes at most four bytes, and a newline ends the last line. */
const READ_BYTES = MAX_CHARS * 4 + 2;

/**
 * The last 10 lines of a log, at most its last 20,000 characters, without the newline at the end. Reads no more of it than that can
 * take, however long its lines are.
 */
export async function readLastLines(log: JobLog): Promise<string> {
  const extent = await log.extent();
  if (extent === null) return '';
  const { firstByte, endByte } = extent;
  const start = Math.max(firstByte, endByte - READ_BYTES);
  const chunks: Uint8Array[] = [];
  for await (const chunk of log.read(start, endByte)) chunks.push(chunk);
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
  return lastChars(text.split(/\r?\n/).slice(-MAX_LINES).join('\n'));
}

/** Counted in code points, as Python does; neither half of a surrogate pair is left alone. */
function lastChars(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  return [...text.slice(-2 * MAX_CHARS)].slice(-MAX_CHARS).join('').toWellFormed();
}
