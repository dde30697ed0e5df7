import { attemptPaths } from '../../engine/attempt-directory.ts';
import type { JobLog, LogNews } from '../job-log.ts';
import { attemptToRead } from './attempt-to-read.ts';
import { followLog, type LogSource } from './follow-log.ts';
import { CHUNK_BYTES, logExtent, offsetOfLastLines, openLog, readBytes } from './log-file.ts';

/**
 * The log of one attempt, whether the job runs, has ended or waits.
 *
 * @param number of the attempt to read; null for the present or last one. What is followed goes on from attempt to attempt.
 */
export function openJobLog(source: LogSource, jobId: string, number: number | null = null): JobLog {
  async function currentPaths() {
    const job = await source.get(jobId);
    const attempt = job === null ? null : await attemptToRead(source, job, number);
    const isWanted = attempt !== null && (number === null || attempt.number === number);
    return isWanted ? attemptPaths(source.attemptsDir, attempt.id) : null;
  }

  return {
    async extent() {
      if ((await source.get(jobId)) === null) return null;
      const paths = await currentPaths();
      return paths === null ? { firstByte: 0, endByte: 0 } : logExtent(paths);
    },

    async *read(start, end, signal) {
      const paths = await currentPaths();
      if (paths === null) return;
      const { firstByte, endByte } = await logExtent(paths);
      const file = await openLog(paths);
      if (file === null) return;
      try {
        const bounds = { start: Math.max(start, firstByte), end: Math.min(end, endByte), chunkBytes: CHUNK_BYTES };
        yield* readBytes({ file, paths, reading: source.reading }, bounds, signal);
      } finally {
        await file.close();
      }
    },

    follow(start, signal) {
      const silence = { idleMs: Number.POSITIVE_INFINITY };
      const options = { attempt: null, start, isFollowing: true, chunkBytes: CHUNK_BYTES, ...silence };
      return outputIn(followLog(source, jobId, options, signal));
    },

    news: (options, signal) => followLog(source, jobId, options, signal),

    async offsetOfTail(lines) {
      const paths = await currentPaths();
      if (paths === null) return 0;
      const extent = await logExtent(paths);
      return extent.endByte === 0 ? 0 : offsetOfLastLines(paths, extent, lines);
    },
  };
}

async function* outputIn(news: AsyncIterable<LogNews>): AsyncGenerator<Uint8Array> {
  for await (const item of news) if (item.type === 'output') yield item.bytes;
}
