import { type EventEmitter, once } from 'node:events';
import type { Job } from '../../src/job/job.ts';
import { isTerminal } from '../../src/job/status.ts';
import type { JobLog } from '../../src/jobs/job-log.ts';

/** A job's output in memory, with offsets that stay when the front is dropped. */
export interface FakeLog extends JobLog {
  append(bytes: string | Uint8Array): void;
  /** Drops everything before this offset, as a cap does. */
  dropBefore(firstByte: number): void;
  /** Called while a `read` is under way, before its second chunk. */
  onSecondChunk: (() => void) | null;
  /** Followers that have not ended yet. */
  readonly followers: number;
  /** Bytes that were asked of a follower so far. */
  readonly deliveredBytes: number;
}

const CHUNK_BYTES = 64 * 1024;

export function createFakeLog(job: () => Job | undefined, changes: EventEmitter): FakeLog {
  let bytes = Buffer.alloc(0);
  let firstByte = 0;
  let followers = 0;
  let deliveredBytes = 0;

  const log: FakeLog = {
    onSecondChunk: null,
    get followers() {
      return followers;
    },
    get deliveredBytes() {
      return deliveredBytes;
    },
    append(more) {
      bytes = Buffer.concat([bytes, Buffer.from(more)]);
      changes.emit('change');
    },
    dropBefore(offset) {
      firstByte = offset;
    },

    extent: async () => (job() === undefined ? null : { firstByte, endByte: bytes.length }),

    async *read(start, end, signal) {
      let position = Math.max(start, firstByte);
      while (position < end && !signal?.aborted) {
        const chunk = bytes.subarray(position, Math.min(end, position + CHUNK_BYTES));
        position += chunk.length;
        yield chunk;
        log.onSecondChunk?.();
        position = Math.max(position, firstByte);
      }
    },

    async *follow(start, signal = new AbortController().signal) {
      const options = {
        attempt: null,
        start,
        isFollowing: true,
        chunkBytes: CHUNK_BYTES,
        idleMs: Number.POSITIVE_INFINITY,
      };
      for await (const item of log.news(options, signal)) if (item.type === 'output') yield item.bytes;
    },

    async *news({ start, isFollowing, chunkBytes }, signal) {
      followers += 1;
      try {
        let position = start;
        while (!signal.aborted) {
          const current = job() ?? null;
          position = Math.max(position, firstByte);
          if (position < bytes.length) {
            const chunk = bytes.subarray(position, position + chunkBytes);
            deliveredBytes += chunk.length;
            yield { type: 'output', attempt: 1, offset: position, bytes: chunk };
            position += chunk.length;
          } else if (!isFollowing || isTerminal(current?.status ?? 'STOPPED')) {
            yield { type: 'end', job: current };
            return;
          } else {
            await once(changes, 'change', { signal }).catch(() => undefined);
          }
        }
      } finally {
        followers -= 1;
        changes.emit('followers');
      }
    },

    async offsetOfTail(lines) {
      const kept = bytes.toString('latin1').slice(firstByte);
      const parts = kept.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      return bytes.length - parts.slice(parts.length - Math.min(lines, parts.length)).join('').length;
    },
  };
  return log;
}
