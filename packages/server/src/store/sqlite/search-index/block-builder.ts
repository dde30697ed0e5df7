import { BUCKETS, writeBuckets } from './grams.ts';
import { BUCKETS_PER_SHELF, LONGEST_SHELF_BYTES, SEARCH_BLOCK_SEQS, writeEntry, writeOffsets } from './postings.ts';

/** A longer text is not taken apart. */
export const LONGEST_TEXT_BYTES = 16 * 1024;

/** Postings of a block at most: about 6 MB of memory while it is built. */
const CAPACITY = 1 << 20;

/** A bucket that more than one job in so many has is stored without a list. */
const COMMON_SHARE = 4;

/** Makes a block of the index out of the texts of its jobs. Holds no more memory than one block takes. */
export interface BlockBuilder {
  /**
   * Adds a job. Offsets have to ascend, and be below {@link SEARCH_BLOCK_SEQS}.
   *
   * @param text null where it is longer than {@link LONGEST_TEXT_BYTES}
   */
  add(offset: number, text: Uint8Array | null): void;
  /** Whether the next job belongs into another block. */
  isFull(): boolean;
  jobs(): number;
  /** The postings of a shelf; null where there are none. */
  shelf(number: number): Uint8Array | null;
  /** The offsets of the jobs with long texts. */
  longTexts(): Uint8Array;
  clear(): void;
}

export function createBlockBuilder(): BlockBuilder {
  // Each bucket's postings are a linked list, newest first.
  const newestPosting = new Int32Array(BUCKETS);
  const counts = new Uint16Array(BUCKETS);
  const newestOffset = new Int32Array(BUCKETS).fill(-1);
  const olderPosting = new Int32Array(CAPACITY);
  const offsets = new Uint16Array(CAPACITY);
  const buckets = new Uint16Array(LONGEST_TEXT_BYTES);
  const list = new Uint16Array(SEARCH_BLOCK_SEQS);
  const scratch = new Uint8Array(LONGEST_SHELF_BYTES);
  let postings = 0;
  let jobs = 0;
  let longTexts: number[] = [];

  function addPosting(bucket: number, offset: number): void {
    if (newestOffset[bucket] === offset) return;
    newestOffset[bucket] = offset;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    offsets[postings] = offset;
    olderPosting[postings] = newestPosting[bucket] ?? 0;
    newestPosting[bucket] = postings;
    postings += 1;
  }

  function offsetsOf(bucket: number, count: number): Uint16Array {
    let posting = newestPosting[bucket] ?? 0;
    for (let index = 0; index < count; index++) {
      list[index] = offsets[posting] ?? 0;
      posting = olderPosting[posting] ?? 0;
    }
    return list.subarray(0, count);
  }

  return {
    add(offset, text) {
      jobs += 1;
      if (text === null) {
        longTexts.unshift(offset);
        return;
      }
      const count = writeBuckets(text, buckets);
      for (let index = 0; index < count; index++) addPosting(buckets[index] ?? 0, offset);
    },
    isFull: () => postings > CAPACITY - LONGEST_TEXT_BYTES,
    jobs: () => jobs,
    shelf(number) {
      let end = 0;
      const first = number * BUCKETS_PER_SHELF;
      for (let bucket = first; bucket < first + BUCKETS_PER_SHELF; bucket++) {
        const count = counts[bucket] ?? 0;
        if (count === 0) continue;
        end = writeEntry(scratch, end, bucket, count * COMMON_SHARE > jobs ? null : offsetsOf(bucket, count));
      }
      return end === 0 ? null : scratch.slice(0, end);
    },
    longTexts() {
      return scratch.slice(0, writeOffsets(scratch, 0, longTexts));
    },
    clear() {
      counts.fill(0);
      newestOffset.fill(-1);
      postings = 0;
      jobs = 0;
      longTexts = [];
    },
  };
}
